import { findMembers } from '#lib/json/members.ts'
import type { Usage } from '../../../link/model-stats.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

/** What the gateway has to know of an answer that comes as a whole. */
export interface WholeAnswer {
  readonly isFailure: boolean
  readonly usage: Usage | undefined
}

/** What is read; the rest, such as vectors of megabytes, passes unread. */
const READ = ['error', 'base_resp', 'usage', 'x_groq']
const MAX_READ_BYTES = 65_536

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readAnswer = (body: Buffer): WholeAnswer | undefined => {
  try {
    const members = findMembers(body)
    const answer: Record<string, unknown> = {}
    for (const name of READ) {
      const [start = 0, end = 0] = members.get(name)?.value ?? []
      // What is too long to be read is there all the same.
      const isRead = end - start <= MAX_READ_BYTES
      if (end > start) answer[name] = isRead ? JSON.parse(body.toString('utf8', start, end)) : true
    }
    return { isFailure: isFailure(answer), usage: readUsage(answer) }
  } catch {
    return undefined
  }
}
