import type { JsonReply } from '../dialect.ts'
import { byStatus, type ProviderError, toErrorHeaders } from '../provider-error.ts'

const MESSAGES = {
  400: 'invalid request',
  401: 'invalid api token',
  402: 'the account has reached its billing limit',
  404: 'model not found',
  429: 'too many requests, please wait and try again later',
  500: 'internal server error',
  503: 'service unavailable',
}

export const toErrorReply = (error: ProviderError, seed: string): JsonReply => ({
  status: error.status,
  headers: toErrorHeaders(error),
  json: { id: seed, message: error.message || byStatus(MESSAGES, error.status) },
})
