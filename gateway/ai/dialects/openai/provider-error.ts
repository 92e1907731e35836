import { z } from 'zod'
import { readListedErrorMessage } from '../../chat/error-message.ts'

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
      message: readListedErrorMessage(answer) ?? 'The provider of this model refused the request.',
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
