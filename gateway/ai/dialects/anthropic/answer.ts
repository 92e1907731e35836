import { findMembers } from '#lib/json/members.ts'
import type { WholeAnswer } from '../openai/answer.ts'
import { isFailure } from './provider-error.ts'
import { readCounts, toUsage } from './usage.ts'

/** What is read; the rest passes unread. */
const READ = ['type', 'error', 'usage']
const MAX_READ_BYTES = 65_536

const readMembers = (body: Buffer): Readonly<Record<string, unknown>> => {
  const members = findMembers(body)
  return Object.fromEntries(
    READ.map((name) => {
      const [start, end] = members.get(name)?.value ?? [0, 0]
      if (start === end) return [name, undefined]
      // What is too long to be read is there all the same.
      const isRead = end - start <= MAX_READ_BYTES
      return [name, isRead ? JSON.parse(body.toString('utf8', start, end)) : true]
    }),
  )
}

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readMessagesAnswer = (body: Buffer): WholeAnswer | undefined => {
  try {
    const answer = readMembers(body)
    return { isFailure: isFailure(answer), usage: toUsage(readCounts(answer.usage)) }
  } catch {
    return undefined
  }
}
