import type { IncomingMessage, ServerResponse } from 'node:http'
import { badRequest } from '../status.ts'
import type { IncludeObject } from '../table/table.ts'
import type { FieldValidation } from '../write/admit.ts'
import type { WriteRequest } from '../write/writer.ts'
import { acceptedForm } from './accept.ts'
import type { RequestInfo } from './request-info.ts'
import type { View } from './respond.ts'

/** One request to a resource. */
export interface ObjectRequest {
  readonly info: RequestInfo
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whether a parameter is there and says yes. */
export const isSet = (query: URLSearchParams, name: string): boolean =>
  query.has(name) && ['true', '1', ''].includes(query.get(name) ?? '')

const includeOf = (query: URLSearchParams): IncludeObject => {
  const include = query.get('includeObject')
  return include === 'None' || include === 'Object' ? include : 'Metadata'
}

/** How the answer is to be shown. @throws ApiError 406 */
export const viewOf = ({ info, query, request }: ObjectRequest): View => ({
  type: info.type,
  form: acceptedForm(request.headers.accept),
  include: includeOf(query),
})

const fieldValidationOf = (query: URLSearchParams): FieldValidation => {
  const given = query.get('fieldValidation') || 'Warn'
  if (given === 'Ignore' || given === 'Warn' || given === 'Strict') return given
  throw badRequest(`fieldValidation: Unsupported value: ${JSON.stringify(given)}`)
}

/** Whether nothing is to be stored. @throws ApiError 400 */
export const isDryRun = (query: URLSearchParams): boolean => {
  const given = query.getAll('dryRun').filter(Boolean)
  if (given.some((value) => value !== 'All'))
    throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(given)}`)
  return given.length > 0
}

const managerOf = ({ query, request }: ObjectRequest): string =>
  query.get('fieldManager') ||
  (request.headers['user-agent'] ?? '').split('/')[0]?.slice(0, 128) ||
  'unknown'

/** What a write is about. @throws ApiError 400 */
export const toWriteRequest = (
  asked: ObjectRequest,
  duplicates: readonly string[],
): WriteRequest => {
  const { info, query } = asked
  return {
    type: info.type,
    namespace: info.namespace,
    name: info.name,
    subresource: info.subresource === 'status' ? 'status' : '',
    manager: managerOf(asked),
    dryRun: isDryRun(query),
    fieldValidation: fieldValidationOf(query),
    warnings: [],
    duplicates,
  }
}
