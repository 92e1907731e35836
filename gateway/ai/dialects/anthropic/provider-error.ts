import { z } from 'zod'
import { readErrorMessage } from '../../chat/error-message.ts'

/** Whether an answer with status 200 is none. */
export const isFailure = (answer: { readonly type?: unknown; readonly error?: unknown }): boolean =>
  answer.type === 'error' || Boolean(answer.error)

const ownType = z.object({ error: z.object({ type: z.string().min(1) }) })

/** A provider's word on a request that it refused, as Anthropic's API would put it. */
export const toCallerError = (answer: unknown): string => {
  const type = ownType.safeParse(answer).data?.error.type ?? 'invalid_request_error'
  const message = readErrorMessage(answer) ?? 'The provider of this model refused the request.'
  return JSON.stringify({ type: 'error', error: { type, message } })
}
