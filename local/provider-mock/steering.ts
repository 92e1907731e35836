import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { ProviderError } from './provider-error.ts'

const HEADER_PREFIX = 'x-mock-'

const matching = (pattern: RegExp, rule: string) => z.string().regex(pattern, rule)
const whole = matching(/^\d{1,9}$/, 'must be a whole number').transform(Number)
const status = matching(/^[45]\d\d$/, 'must be an error status').transform(Number)
const flag = z.enum(['', 'true', 'false']).transform((value) => value !== 'false')

const keys = z
  .strictObject({
    /** Milliseconds before the head. */
    latency: whole,
    /** Milliseconds between the chunks of a stream. */
    pace: whole,
    /** So many words in place of the echo. */
    tokens: whole.refine((count) => count <= 10_000, 'must be at most 10000'),
    /** The provider's own error for this status. */
    status,
    'retry-after': z.string(),
    /** Only the first so many requests meet the fault. */
    times: whole,
    /** `head`: never an answer. `body`: a head and no more. A number: silence after so many chunks. */
    hang: z.union([z.literal('head'), z.literal('body').transform(() => 0), whole]),
    /** The connection breaks after so many chunks. What is no stream ends halfway, here and above. */
    cut: whole,
    /** The provider's own error inside the stream, after so many chunks; for streams only. */
    'error-event': whole,
    /** Broken JSON: the body, or the second chunk of a stream. */
    malformed: flag,
    usage: z.enum(['none', 'wrong']),
    /** Chunks in pieces of 7 bytes, so that characters and lines come apart. */
    split: flag,
  })
  .partial()

/** How a request asks to be answered. */
export type Steering = z.infer<typeof keys>

/** The steering headers of a request as the beginning of a query. */
export const toSteeringText = (headers: IncomingHttpHeaders): string => {
  let text = ''
  for (const name in headers) {
    if (!name.startsWith(HEADER_PREFIX)) continue
    text += `${name.slice(HEADER_PREFIX.length)}=${encodeURIComponent(String(headers[name]))}&`
  }
  return text
}

/**
 * Reads what {@link toSteeringText} wrote, and what follows the `?` of a model's name.
 * @throws ProviderError that names the first key that is unknown or has no such value.
 */
export const toSteering = (headerText: string, model: string): Steering => {
  const [, named = ''] = model.split(/\?(.*)/s)
  // Of a key that is said twice the last word counts: the model's.
  const result = keys.safeParse(Object.fromEntries(new URLSearchParams(headerText + named)))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const isUnknown = issue?.code === 'unrecognized_keys'
  const key = String(isUnknown ? issue.keys[0] : issue?.path[0])
  const known = Object.keys(keys.shape).join(', ')
  const problem = isUnknown ? `is unknown; there are ${known}` : issue?.message
  throw new ProviderError(400, `steering key "${key}" ${problem}`)
}

/** The same without its fault, for requests after the first `times`. */
export const withoutFault = ({ latency, pace, tokens, split }: Steering): Steering => {
  return { latency, pace, tokens, split }
}
