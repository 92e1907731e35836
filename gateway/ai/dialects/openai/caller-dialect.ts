import type { CallerDialect } from '../../dialect.ts'
import { decodeRequest } from './decode-request.ts'
import { encodeAnswer } from './encode-answer.ts'
import { createStreamEncoder } from './encode-stream.ts'
import { toErrorBody, toErrorEvent } from './problem.ts'

/** Chat completions, for a model whose provider speaks otherwise. */
export const openAiCaller: CallerDialect = {
  decodeRequest,
  encodeAnswer,
  createStreamEncoder,
  encodeProblem: toErrorBody,
  encodeProblemEvent: toErrorEvent,
}
