import type { JsonReply } from '../dialect.ts'
import { byStatus, type ProviderError, toErrorHeaders } from '../provider-error.ts'

interface Kind {
  readonly type: string
  readonly code: string | null
  readonly message: string
}

const INVALID = 'invalid_request_error'

const KINDS = {
  400: { type: INVALID, code: null, message: 'Invalid request.' },
  401: { type: INVALID, code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  403: { type: 'request_forbidden', code: null, message: 'You may not use this model.' },
  404: { type: INVALID, code: 'model_not_found', message: 'The model does not exist.' },
  408: { type: 'server_error', code: null, message: 'Request timed out.' },
  413: { type: INVALID, code: null, message: 'The request is too large.' },
  429: { type: 'requests', code: 'rate_limit_exceeded', message: 'Rate limit reached.' },
  500: { type: 'server_error', code: null, message: 'The server had an error.' },
  503: { type: 'server_error', code: null, message: 'The server is overloaded.' },
} satisfies Record<number, Kind>

/** What fails a stream. */
export const STREAM_ERROR = { ...KINDS[500], param: null }

export const toErrorReply = (error: ProviderError): JsonReply => {
  const { type, code, message } = byStatus<Kind>(KINDS, error.status)
  // The code belongs to the words of the status: a path that does not exist is no model, ...
  const told = error.message ? null : code
  return {
    status: error.status,
    headers: toErrorHeaders(error),
    json: { error: { message: error.message || message, type, param: error.param, code: told } },
  }
}
