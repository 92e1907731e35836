import { findMembers, type Members } from '#lib/json/members.ts'
import type { WholeAnswer } from '../openai/answer.ts'
import { isFailure } from '../openai/provider-error.ts'
import { readResponsesUsage } from './usage.ts'

/** More than these members ever hold. */
const MAX_READ_BYTES = 65_536

/** The value of a member; true for one that is too long to be read, but is there all the same. */
const readMember = (body: Buffer, members: Members, name: string): unknown => {
  const span = members.get(name)
  if (!span) return undefined
  const [start, end] = span.value
  return end - start > MAX_READ_BYTES || JSON.parse(body.toString('utf8', start, end))
}

/** Whether a response says that it failed, in one way or another. */
const isFailedResponse = (response: {
  readonly error?: unknown
  readonly status?: unknown
}): boolean =>
  isFailure(response) || response.status === 'failed' || response.status === 'cancelled'

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readResponsesAnswer = (body: Buffer): WholeAnswer | undefined => {
  try {
    const members = findMembers(body)
    const read = (name: string) => readMember(body, members, name)
    const response = { error: read('error'), status: read('status'), usage: read('usage') }
    return { isFailure: isFailedResponse(response), usage: readResponsesUsage(response) }
  } catch {
    return undefined
  }
}
