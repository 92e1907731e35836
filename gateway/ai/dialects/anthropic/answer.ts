import { createAnswerReader } from '../../chat/whole-answer.ts'
import { isFailure } from './provider-error.ts'
import { readCounts, toUsage } from './usage.ts'

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readMessagesAnswer = createAnswerReader(
  // A model that has nothing to add says nothing; tokens that are counted are a number.
  { names: ['type', 'error', 'usage'], contents: ['content', 'input_tokens'], mayBeEmpty: true },
  (answer) => ({
    isFailure: isFailure(answer),
    usage: toUsage(readCounts(answer.usage)),
  }),
)
