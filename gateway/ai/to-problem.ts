import { AiProblem } from './ai-problem.ts'
import { RequestFault } from './chat/request-fault.ts'

/** A fault of the request, as the caller is told. @throws the error when it is none */
export const toProblem = (error: unknown): AiProblem => {
  if (!(error instanceof RequestFault)) throw error
  const { param, message, isMissing } = error
  return new AiProblem(isMissing ? 'missing_value' : 'invalid_value', message, { param })
}
