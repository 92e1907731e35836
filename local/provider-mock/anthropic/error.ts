import type { JsonReply } from '../dialect.ts'
import { byStatus, type ProviderError, toErrorHeaders } from '../provider-error.ts'

const KINDS = {
  400: ['invalid_request_error', 'The request is not valid.'],
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'The credit balance is too low.'],
  403: ['permission_error', 'The API key may not use this resource.'],
  404: ['not_found_error', 'The model was not found.'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'The request would exceed the rate limit of the organization.'],
  500: ['api_error', 'Internal server error'],
  504: ['timeout_error', 'The request timed out.'],
  529: ['overloaded_error', 'Overloaded'],
} satisfies Record<number, readonly [type: string, message: string]>

/** Anthropic's error, for a body and for a stream. */
export const toErrorDocument = (error: ProviderError, seed: string) => {
  const [type, message] = byStatus<readonly [string, string]>(KINDS, error.status)
  return {
    type: 'error',
    error: { type, message: error.message || message },
    request_id: `req_${seed}`,
  }
}

export const toErrorReply = (error: ProviderError, seed: string): JsonReply => ({
  status: error.status,
  headers: toErrorHeaders(error),
  json: toErrorDocument(error, seed),
})
