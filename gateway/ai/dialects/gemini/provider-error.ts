import { z } from 'zod'

/** More is no message for people. */
const MAX_MESSAGE = 4096

const refusal = z.object({ error: z.object({ message: z.string().min(1) }) })

/**
 * The provider's own words on why it failed: https://google.aip.dev/193. Some of its servers wrap
 * them in a list.
 */
export const readErrorMessage = (json: unknown): string | undefined =>
  refusal.safeParse(Array.isArray(json) ? json[0] : json).data?.error.message.slice(0, MAX_MESSAGE)
