import type { AiProblem } from '../../ai-problem.ts'
import { toErrorBody } from '../openai/problem.ts'

/**
 * An error within a stream. The fields stand where the reference has them, and once more under
 * `error`, where the API sends them in fact: only that makes official clients throw. Which number
 * the event has in its stream is not known here.
 *
 * https://platform.openai.com/docs/api-reference/responses-streaming/error
 */
export const toResponsesErrorEvent = (problem: AiProblem): string => {
  const { error } = JSON.parse(toErrorBody(problem))
  const { code, message, param } = error
  const event = { type: 'error', sequence_number: 0, code, message, param, error }
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`
}
