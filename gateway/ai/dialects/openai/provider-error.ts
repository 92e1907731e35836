import { z } from 'zod'

const text = z.string().min(1)

/** Where servers that speak this API put what went wrong, the first one that is there. */
const MESSAGES = [
  z.object({ error: z.object({ message: text }) }).transform(({ error }) => error.message),
  z
    .object({ error: z.object({ message: z.array(text).min(1) }) })
    .transform(({ error }) => error.message.join('; ')),
  z.object({ error: text }).transform(({ error }) => error),
  z.object({ message: text }).transform(({ message }) => message),
  z.object({ detail: text }).transform(({ detail }) => detail),
  z.object({ errors: z.array(text).min(1) }).transform(({ errors }) => errors.join('; ')),
  z
    .object({ errors: z.array(z.object({ message: text })).min(1) })
    .transform(({ errors }) => errors.map(({ message }) => message).join('; ')),
]

/** More is no message for people. */
const MAX_MESSAGE = 4096

/** The provider's own words on why it refused a request; undefined where it has none. */
export const readErrorMessage = (answer: unknown): string | undefined => {
  const subject: unknown = Array.isArray(answer) ? answer[0] : answer
  for (const schema of MESSAGES) {
    const { data } = schema.safeParse(subject)
    if (data !== undefined) return data.slice(0, MAX_MESSAGE)
  }
  return undefined
}

const own = z.object({
  error: z.object({
    type: z.string().nullish().catch(null),
    param: z.string().nullish().catch(null),
    code: z.union([z.string(), z.number()]).nullish().catch(null),
  }),
})

/** A provider's word on a request that it refused, as OpenAI's API would put it. */
export const toCallerError = (answer: unknown): string => {
  const { type, param, code } = own.safeParse(answer).data?.error ?? {}
  return JSON.stringify({
    error: {
      message: readErrorMessage(answer) ?? 'The provider of this model refused the request.',
      type: type ?? 'invalid_request_error',
      param: param ?? null,
      code: code ?? null,
    },
  })
}

/** What an answer that is none has, MiniMax's among them. */
interface Failure {
  readonly error?: unknown
  readonly base_resp?: { readonly status_code?: unknown } | null
}

/** Whether an answer with status 200 is none. */
export const isFailure = (answer: unknown): boolean => {
  if (typeof answer !== 'object' || answer === null) return false
  const { error, base_resp: minimax } = answer as Failure
  const code = minimax?.status_code
  return Boolean(error) || (typeof code === 'number' && code > 0)
}
