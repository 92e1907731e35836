import { z } from 'zod'

const text = z.string().min(1)

/** The front door of AWS writes it with a capital, Bedrock itself without. */
const refusal = z.union([
  z.object({ message: text }).transform(({ message }) => message),
  z.object({ Message: text }).transform(({ Message }) => Message),
])

/** More is no message for people. */
const MAX_MESSAGE = 4096

/** The provider's own words on what went wrong, in an answer or in a stream. */
export const readErrorMessage = (json: unknown): string | undefined =>
  refusal.safeParse(json).data?.slice(0, MAX_MESSAGE)
