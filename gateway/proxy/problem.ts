import { type Outgoing, writeHead } from './http.ts'

/** Why the gateway itself answers a request; stable, part of the API. */
export type ProblemCode =
  | 'bad-request'
  | 'not-found'
  | 'method-not-allowed'
  | 'body-too-large'
  | 'no-backend'
  | 'backend-unreachable'
  | 'backend-failed'
  | 'backend-timeout'
  | 'request-timeout'
  | 'internal'

const STATUS: Record<ProblemCode, number> = {
  'bad-request': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'body-too-large': 413,
  'no-backend': 500,
  'backend-unreachable': 503,
  'backend-failed': 502,
  'backend-timeout': 504,
  'request-timeout': 504,
  internal: 500,
}

export const toStatus = (code: ProblemCode): number => STATUS[code]

/** RFC 9457 body. `detail` must hold nothing secret: no addresses, no upstream bytes. */
export const toProblemBody = (code: ProblemCode, detail: string): string =>
  JSON.stringify({ type: 'about:blank', title: code, status: STATUS[code], detail })

export interface ProblemOptions {
  readonly detail: string
  /** Ends the connection: what is left of its request body is not worth reading. */
  readonly close?: boolean
  readonly headers?: readonly string[]
}

/** Answers with a problem, unless the response has begun. */
export const answerProblem = (res: Outgoing, code: ProblemCode, options: ProblemOptions): void => {
  if (res.headersSent || res.destroyed) return
  const body = toProblemBody(code, options.detail)
  const headers = [
    'content-type',
    'application/problem+json',
    'content-length',
    String(Buffer.byteLength(body)),
    ...(options.headers ?? []),
  ]
  if (options.close && !('stream' in res)) headers.push('connection', 'close')
  writeHead(res, STATUS[code], headers)
  res.end(body)
}
