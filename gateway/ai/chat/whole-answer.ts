import { findMembers } from '#lib/json/members.ts'
import type { WholeAnswer } from '../surface.ts'

/** More than what is read ever has. */
const MAX_READ_BYTES = 65_536

const readMembers = (body: Buffer, names: readonly string[]): Readonly<Record<string, unknown>> => {
  const members = findMembers(body)
  return Object.fromEntries(
    names.flatMap((name) => {
      const span = members.get(name)
      if (!span) return []
      const [start, end] = span.value
      // What is too long to be read is there all the same.
      const isRead = end - start <= MAX_READ_BYTES
      return [[name, isRead ? JSON.parse(body.toString('utf8', start, end)) : true]]
    }),
  )
}

/**
 * Creates what reads an answer that comes as a whole; undefined when it is no JSON object.
 *
 * @param names of the members that are read; the rest, such as vectors of megabytes, is not
 */
export const createAnswerReader =
  (
    names: readonly string[],
    toAnswer: (members: Readonly<Record<string, unknown>>) => WholeAnswer,
  ) =>
  (body: Buffer): WholeAnswer | undefined => {
    try {
      return toAnswer(readMembers(body, names))
    } catch {
      return undefined
    }
  }
