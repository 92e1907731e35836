import { z } from 'zod'
import { readListedErrorMessage } from '../../chat/error-message.ts'

const failed = z.object({ error: z.looseObject({}) })

/** What went wrong, where an answer is none: https://google.aip.dev/193 */
export const findFailure = (json: unknown): string | undefined => {
  const isFailure = failed.safeParse(Array.isArray(json) ? json[0] : json).success
  return isFailure ? (readListedErrorMessage(json) ?? 'the provider failed') : undefined
}
