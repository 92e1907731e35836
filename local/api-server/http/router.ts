import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerToken } from '../auth.ts'
import type { Documents } from '../discovery/documents.ts'
import type { Registry } from '../registry/registry.ts'
import { apiVersionOf } from '../registry/resource-type.ts'
import { answerReview, REVIEWS } from '../reviews.ts'
import { methodNotAllowed, unauthorized, unknownResource } from '../status.ts'
import { asApiError } from '../write/admit.ts'
import { mediaTypeOf, parseBody, readBody } from './body.ts'
import type { ObjectHandlers } from './object-handlers.ts'
import { parseRequestInfo } from './request-info.ts'
import { sendError, sendText, sendValue } from './respond.ts'

const HEALTH = new Set(['/healthz', '/livez', '/readyz'])

/** What the router sends requests to. */
export interface RouterParts {
  readonly registry: Registry
  readonly documents: Documents
  readonly objects: ObjectHandlers
  readonly isToken: (token: string) => boolean
}

const isServedVersion = (path: string, registry: Registry): boolean =>
  registry.types.some((type) => {
    const root = type.group ? '/apis/' : '/api/'
    return path.startsWith(`${root}${apiVersionOf(type)}/`)
  })

const route = async (
  parts: RouterParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const [target = '', search = ''] = (request.url ?? '/').split(/\?(.*)/s)
  const path = target.replace(/(?<=.)\/$/, '')
  const query = new URLSearchParams(search)
  if (HEALTH.has(path)) return sendText(response, 200, 'ok')
  if (!parts.isToken(bearerToken(request.headers.authorization))) throw unauthorized()
  if (request.method === 'GET' && parts.documents.serve(path, request, response)) return
  const review = REVIEWS.find(
    ({ group, version, plural }) => path === `/apis/${group}/${version}/${plural}`,
  )
  if (review) {
    if (request.method !== 'POST') throw methodNotAllowed()
    const body = parseBody(await readBody(request), mediaTypeOf(request))
    return sendValue(response, 201, answerReview(review, body, parts.isToken))
  }
  const info = parseRequestInfo(path, parts.registry)
  if (!info) {
    if (isServedVersion(path, parts.registry)) throw unknownResource()
    return sendText(response, 404, '404 page not found\n')
  }
  await parts.objects.serve({ info, query, request, response })
}

/** The listener of the HTTP server: every error is answered as a Status. */
export const createRouter =
  (parts: RouterParts) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    route(parts, request, response).catch((error: unknown) =>
      sendError(response, asApiError(error)),
    )
  }
