import { type FailedTry, parseRetryAfter } from '../policies/retry/retry.ts'
import { toFailureKind, type UpstreamErrorCode } from '../upstream/http1/error.ts'
import { findHeader } from './find-header.ts'
import type { ProblemCode } from './problem.ts'

/** What the client is told of a backend that failed. */
export const toProblemCode = (code: UpstreamErrorCode): ProblemCode =>
  `backend-${toFailureKind(code)}`

/** A status as the retry policy sees it. */
export const toStatusFailure = (
  status: number,
  headers: readonly string[],
): FailedTry['failure'] => {
  const retryAfterMs = parseRetryAfter(findHeader(headers, 'retry-after'), Date.now())
  return { kind: 'status', status, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
