import { z } from 'zod'

/** More is no message for people. */
const MAX_MESSAGE = 4096

const refusal = z.object({ message: z.string().min(1) })

/** The provider's own words on why it failed: https://docs.cohere.com/reference/errors */
export const readErrorMessage = (json: unknown): string | undefined =>
  refusal.safeParse(json).data?.message.slice(0, MAX_MESSAGE)
