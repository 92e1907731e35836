import type { CallerDialect } from '../../dialect.ts'
import { toErrorBody } from '../openai/problem.ts'
import { decodeRequest } from './decode-request.ts'
import { encodeAnswer } from './encode-answer.ts'
import { createStreamEncoder } from './encode-stream.ts'
import { toResponsesErrorEvent } from './problem.ts'

/** The Responses API of OpenAI, for callers. */
export const responsesCaller: CallerDialect = {
  decodeRequest,
  encodeAnswer,
  createStreamEncoder,
  encodeProblem: toErrorBody,
  encodeProblemEvent: toResponsesErrorEvent,
}
