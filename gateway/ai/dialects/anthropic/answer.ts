import { createAnswerReader } from '../../chat/whole-answer.ts'
import { isFailure } from './provider-error.ts'
import { readCounts, toUsage } from './usage.ts'

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readMessagesAnswer = createAnswerReader(['type', 'error', 'usage'], (answer) => ({
  isFailure: isFailure(answer),
  usage: toUsage(readCounts(answer.usage)),
}))
