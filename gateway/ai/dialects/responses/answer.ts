import { createAnswerReader } from '../../chat/whole-answer.ts'
import { isFailure } from '../openai/provider-error.ts'
import { readResponsesUsage } from './usage.ts'

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readResponsesAnswer = createAnswerReader(
  // An answer that ends at its limit may have no output yet.
  { names: ['error', 'status', 'usage'], contents: ['output'], mayBeEmpty: true },
  (response) => {
    const { status } = response
    return {
      isFailure: isFailure(response) || status === 'failed' || status === 'cancelled',
      usage: readResponsesUsage(response),
    }
  },
)
