import type { JsonReply } from '../dialect.ts'
import { byStatus, type ProviderError, toErrorHeaders } from '../provider-error.ts'

const NAMESPACE = 'http://internal.amazon.com/coral/com.amazon.bedrock/'

const KINDS = {
  400: ['ValidationException', 'The request is not valid.'],
  401: ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  403: ['AccessDeniedException', 'You may not use the model with this id.'],
  404: ['ResourceNotFoundException', 'Could not resolve the model.'],
  408: ['ModelTimeoutException', 'The model took too long.'],
  424: ['ModelErrorException', 'The model failed.'],
  429: ['ThrottlingException', 'Too many requests, please wait before trying again.'],
  500: ['InternalServerException', 'The system encountered an unexpected error.'],
  503: ['ServiceUnavailableException', 'Bedrock is unable to process your request.'],
} satisfies Record<number, readonly [type: string, message: string]>

/** The type is in a header; the body has a message only. */
export const toErrorReply = (error: ProviderError): JsonReply => {
  const [type, words] = byStatus<readonly [string, string]>(KINDS, error.status)
  const message = error.message || words
  return {
    status: error.status,
    headers: { ...toErrorHeaders(error), 'x-amzn-ErrorType': `${type}:${NAMESPACE}` },
    // Access is denied by another part of AWS, which writes it so.
    json: error.status === 403 ? { Message: message } : { message },
  }
}
