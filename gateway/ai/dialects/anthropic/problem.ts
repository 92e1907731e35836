import type { AiProblem } from '../../ai-problem.ts'

/** https://platform.claude.com/docs/en/api/errors#http-errors */
const TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
])

const toType = (status: number): string =>
  TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error')

/** The body of an answer that is an error. */
export const encodeProblem = ({ status, message, dialectCode }: AiProblem): string => {
  const details = dialectCode && { details: { error_code: dialectCode, unsupported: [] } }
  return JSON.stringify({ type: 'error', error: { type: toType(status), message, ...details } })
}

/** What an error within a stream looks like; official clients throw when they see it. */
export const encodeProblemEvent = (problem: AiProblem): string =>
  `event: error\ndata: ${encodeProblem(problem)}\n\n`
