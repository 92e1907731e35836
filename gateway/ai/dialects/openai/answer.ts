import { createAnswerReader } from '../../chat/whole-answer.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

/** Reads an answer. @returns undefined when it is not a whole JSON object. */
export const readAnswer = createAnswerReader(
  {
    names: ['error', 'base_resp', 'usage', 'x_groq'],
    contents: ['choices', 'data'],
    mayBeEmpty: false,
  },
  (answer) => ({ isFailure: isFailure(answer), usage: readUsage(answer) }),
)
