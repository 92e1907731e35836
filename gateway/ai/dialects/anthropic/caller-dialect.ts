import type { CallerDialect } from '../../dialect.ts'
import { decodeRequest } from './decode-request.ts'
import { encodeAnswer } from './encode-answer.ts'
import { createStreamEncoder } from './encode-stream.ts'
import { encodeProblem, encodeProblemEvent } from './problem.ts'

/** Callers that speak as Anthropic's messages do. */
export const anthropicCaller: CallerDialect = {
  decodeRequest,
  encodeAnswer,
  createStreamEncoder,
  encodeProblem,
  encodeProblemEvent,
}
