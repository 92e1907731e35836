import { z } from 'zod'

const text = z.string().min(1)

/** Where providers put what went wrong, the first one that is there. */
const MESSAGES = [
  z.object({ error: z.object({ message: text }) }).transform(({ error }) => error.message),
  z
    .object({ error: z.object({ message: z.array(text).min(1) }) })
    .transform(({ error }) => error.message.join('; ')),
  z.object({ error: text }).transform(({ error }) => error),
  z.object({ message: text }).transform(({ message }) => message),
  // So it comes from the front door of AWS.
  z.object({ Message: text }).transform(({ Message }) => Message),
  z.object({ detail: text }).transform(({ detail }) => detail),
  z.object({ errors: z.array(text).min(1) }).transform(({ errors }) => errors.join('; ')),
  z
    .object({ errors: z.array(z.object({ message: text })).min(1) })
    .transform(({ errors }) => errors.map(({ message }) => message).join('; ')),
]

/** More is no message for people. */
const MAX_MESSAGE = 4096

/** A provider's own words on why it refused or failed; undefined where it has none. */
export const readErrorMessage = (json: unknown): string | undefined => {
  for (const schema of MESSAGES) {
    const { data } = schema.safeParse(json)
    if (data !== undefined) return data.slice(0, MAX_MESSAGE)
  }
  return undefined
}

/** The same where it may be wrapped in a list, as some of Google's servers do. */
export const readListedErrorMessage = (json: unknown): string | undefined =>
  readErrorMessage(Array.isArray(json) ? json[0] : json)
