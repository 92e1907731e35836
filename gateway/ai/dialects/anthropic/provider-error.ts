import { z } from 'zod'

const message = z.string().min(1)

/** More is no message for people. */
const MAX_MESSAGE = 4096

/** https://platform.claude.com/docs/en/api/errors#error-shapes, and what servers beside it send. */
const refusal = z.union([
  z.object({ error: z.object({ message }) }).transform(({ error }) => error.message),
  z.object({ error: message }).transform(({ error }) => error),
  z.object({ message }).transform((own) => own.message),
])

/** The provider's own words on why it refused. */
export const readErrorMessage = (json: unknown): string | undefined =>
  refusal.safeParse(json).data?.slice(0, MAX_MESSAGE)

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
