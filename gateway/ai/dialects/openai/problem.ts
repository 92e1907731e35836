import type { AiProblem } from '../../ai-problem.ts'

const toType = (status: number): string => {
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

/** https://platform.openai.com/docs/guides/error-codes */
export const toErrorBody = ({ status, code, message, param }: AiProblem): string =>
  JSON.stringify({ error: { message, type: toType(status), param: param ?? null, code } })

/** What an error within a stream looks like; official clients throw when they see it. */
export const toErrorEvent = (problem: AiProblem): string => `data: ${toErrorBody(problem)}\n\n`
