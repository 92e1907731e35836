import type { Call } from '../call.ts'
import { toUnitVector } from './vector.ts'

/** Makes the embedding of a text. */
export type Embed = (call: Call, text: string) => Promise<readonly number[] | undefined>

/** How long a call waits for an embedding; a model takes longer to answer. */
const EMBED_TIMEOUT_MS = 2000

/** The vector of a text; undefined when there is none in time, for whatever reason. */
export const embedInTime = async (
  embed: Embed,
  call: Call,
  text: string,
): Promise<Float32Array | undefined> => {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), EMBED_TIMEOUT_MS)
  try {
    const numbers = await Promise.race([embed(call, text), timeout])
    return numbers && toUnitVector(numbers)
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
