import type { JsonReply } from '../dialect.ts'
import { byStatus, type ProviderError, toErrorHeaders } from '../provider-error.ts'

const KINDS = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', 'API key not valid. Please pass a valid API key.'],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  404: ['NOT_FOUND', 'The model is not found for this API version.'],
  429: ['RESOURCE_EXHAUSTED', 'You exceeded your current quota.'],
  499: ['CANCELLED', 'The operation was cancelled.'],
  500: ['INTERNAL', 'An internal error has occurred.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'The request could not be completed in time.'],
} satisfies Record<number, readonly [status: string, message: string]>

/** Gemini says in the body when to try again; whole seconds only, as a date would not fit. */
const toDetails = ({ retryAfter }: ProviderError) =>
  retryAfter !== undefined && /^\d+$/.test(retryAfter)
    ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }]
    : undefined

/** Google's error, for a body and for a stream. */
export const toErrorDocument = (error: ProviderError) => {
  const [status, message] = byStatus<readonly [string, string]>(KINDS, error.status)
  return {
    error: {
      code: error.status,
      message: error.message || message,
      status,
      details: toDetails(error),
    },
  }
}

export const toErrorReply = (error: ProviderError): JsonReply => ({
  status: error.status,
  headers: toErrorHeaders(error),
  json: toErrorDocument(error),
})
