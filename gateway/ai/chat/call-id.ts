import { createHash } from 'node:crypto'

const NOT_OF_ID = /[^\w-]/g
const HASH_CHARACTERS = 32
/** Of OpenAI's API, the shortest of all. */
const MAX_CHARACTERS = 40

/** The same id for the same text, in letters that every provider takes. */
export const hashCallId = (text: string): string =>
  `call_${createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARACTERS)}`

/** An id for a call without one: of the answer's own, so that no other answer has it. */
export const createCallId = (answerId: string, index: number): string => {
  const id = `call_${answerId.replace(NOT_OF_ID, '_')}_${index}`
  return id.length > MAX_CHARACTERS ? hashCallId(`${answerId}_${index}`) : id
}
