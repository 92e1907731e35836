import { abandonBody } from '../proxy/connection-end.ts'
import { type Incoming, type Outgoing, writeHead } from '../proxy/http.ts'
import type { AiProblem } from './ai-problem.ts'
import type { CallerDialect } from './dialect.ts'

/** Up to this, copying costs less than a second write. */
const MAX_STRING_BYTES = 16_384

/** Answers with JSON, unless the answer has begun. */
export const answerJson = (
  res: Outgoing,
  status: number,
  body: string | Buffer,
  headers: readonly string[] = [],
): void => {
  if (res.headersSent || res.destroyed) return
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const length = String(bytes.length)
  writeHead(res, status, ['content-type', 'application/json', 'content-length', length, ...headers])
  // As a string it goes out with the head in one write; HTTP/2 takes no latin1.
  if ('stream' in res || bytes.length > MAX_STRING_BYTES) res.end(bytes)
  else res.end(bytes.toString('latin1'), 'latin1')
}

export interface ProblemOptions {
  readonly headers?: readonly string[]
  /** The request, when its body was not read to its end. */
  readonly unread?: Incoming | undefined
}

/** Answers with an error in the caller's dialect. */
export const answerProblem = (
  res: Outgoing,
  dialect: Pick<CallerDialect, 'encodeProblem'>,
  problem: AiProblem,
  { headers = [], unread }: ProblemOptions = {},
): void => {
  if (unread) abandonBody(unread, res)
  const { status, retryAfter } = problem
  const wait = retryAfter === undefined ? [] : ['retry-after', retryAfter]
  answerJson(res, status, dialect.encodeProblem(problem), [...headers, ...wait])
}
