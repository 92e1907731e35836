import { findMembers, type Members } from '#lib/json/members.ts'
import type { WholeAnswer } from '../surface.ts'
import { isAbsent } from './present.ts'

/** More than what is read ever has. */
const MAX_READ_BYTES = 65_536

/** A list with more than a few spaces in it is not read, so that it counts for one of something. */
const MAX_EMPTY_BYTES = 64

/** Which members an answer has that are read, and which make it one. */
export interface AnswerShape {
  readonly names: readonly string[]
  /** One of them is there in every answer. */
  readonly contents: readonly string[]
  /** Whether a list of nothing is an answer. */
  readonly mayBeEmpty: boolean
}

const hasContent = (
  body: Buffer,
  members: Members,
  { contents, mayBeEmpty }: AnswerShape,
): boolean =>
  contents.some((name) => {
    const span = members.get(name)
    if (!span) return false
    const [start, end] = span.value
    if (end - start > MAX_EMPTY_BYTES) return true
    const value: unknown = JSON.parse(body.toString('utf8', start, end))
    return !isAbsent(value) && (mayBeEmpty || !(Array.isArray(value) && value.length === 0))
  })

const readMembers = (
  body: Buffer,
  members: Members,
  names: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const span = members.get(name)
      if (!span) return []
      const [start, end] = span.value
      // What is too long to be read is there all the same.
      const isRead = end - start <= MAX_READ_BYTES
      return [[name, isRead ? JSON.parse(body.toString('utf8', start, end)) : true]]
    }),
  )

/**
 * Creates what reads an answer that comes as a whole; undefined when it is no JSON object.
 * The rest of it, such as vectors of megabytes, is not read.
 */
export const createAnswerReader =
  (shape: AnswerShape, toAnswer: (members: Readonly<Record<string, unknown>>) => WholeAnswer) =>
  (body: Buffer): WholeAnswer | undefined => {
    try {
      const members = findMembers(body)
      const answer = toAnswer(readMembers(body, members, shape.names))
      return hasContent(body, members, shape) ? answer : { ...answer, isFailure: true }
    } catch {
      return undefined
    }
  }
