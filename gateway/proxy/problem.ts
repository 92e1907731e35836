import { STATUS_CODES } from 'node:http'
import { abandonBody } from './connection-end.ts'
import { type Incoming, type Outgoing, writeHead } from './http.ts'

/** Why the gateway itself answers a request; stable, part of the API. */
export type ProblemCode =
  | 'bad-request'
  | 'not-found'
  | 'method-not-allowed'
  | 'client-timeout'
  | 'body-too-large'
  | 'expectation-failed'
  | 'headers-too-large'
  | 'no-backend'
  | 'coding-not-supported'
  | 'backend-failed'
  | 'backend-unreachable'
  | 'backend-timeout'
  | 'request-timeout'

const STATUS: Record<ProblemCode, number> = {
  'bad-request': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'client-timeout': 408,
  'body-too-large': 413,
  'expectation-failed': 417,
  'headers-too-large': 431,
  'no-backend': 500,
  'coding-not-supported': 501,
  'backend-failed': 502,
  'backend-unreachable': 503,
  'backend-timeout': 504,
  'request-timeout': 504,
}

/** What `detail` says unless there is more to say. */
const DETAILS: Record<ProblemCode, string> = {
  'bad-request': 'the request is not valid HTTP',
  'not-found': 'no route matches',
  'method-not-allowed': 'this gateway is no tunnel',
  'client-timeout': 'the request did not arrive in time',
  'body-too-large': 'the request body is too large',
  'expectation-failed': 'only 100-continue can be expected',
  'headers-too-large': 'the request headers are too large or too many',
  'no-backend': 'the route has no valid backend',
  'coding-not-supported': 'the only transfer coding understood is chunked',
  'backend-failed': 'the backend did not give a valid response',
  'backend-unreachable': 'the backend does not accept connections',
  'backend-timeout': 'the backend did not answer in time',
  'request-timeout': 'the request took too long',
}

export const toStatus = (code: ProblemCode): number => STATUS[code]

/** RFC 9457 body. `detail` must hold nothing secret: no addresses, no upstream bytes. */
const toProblemBody = (code: ProblemCode, detail: string): string => {
  const status = STATUS[code]
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, code, detail })
}

const toProblemHeaders = (body: string): string[] => [
  'content-type',
  'application/problem+json',
  'content-length',
  String(Buffer.byteLength(body)),
]

export interface ProblemOptions {
  readonly detail?: string
  /** The request, when its body was not read to its end: the connection cannot be used again. */
  readonly unread?: Incoming
}

/** Answers with a problem, unless the response has begun. */
export const answerProblem = (
  res: Outgoing,
  code: ProblemCode,
  { detail = DETAILS[code], unread }: ProblemOptions = {},
): void => {
  if (res.headersSent || res.destroyed) return
  const body = toProblemBody(code, detail)
  if (unread) abandonBody(unread, res)
  writeHead(res, STATUS[code], toProblemHeaders(body))
  // HTTP/2 streams take no bytes after a head that ends them.
  if (res.req.method === 'HEAD') res.end()
  else res.end(body)
}

/** A response head as bytes, to be written as latin1. */
export const toRawHead = (statusLine: string, headers: readonly string[]): string => {
  let head = `HTTP/1.1 ${statusLine}\r\n`
  for (let i = 0; i + 1 < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`
  return `${head}\r\n`
}

/** A problem as the last bytes of a connection that has no response object. */
export const toRawProblem = (code: ProblemCode, detail = DETAILS[code]): string => {
  const body = toProblemBody(code, detail)
  const headers = [...toProblemHeaders(body), 'connection', 'close']
  const status = STATUS[code]
  return `${toRawHead(`${status} ${STATUS_CODES[status]}`, headers)}${body}`
}
