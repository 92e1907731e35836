/** What a client may take of a listener. Times are in milliseconds. */
export interface ListenerLimits {
  /** Request line and headers together; more is answered with 431. */
  readonly maxHeaderBytes: number
  /** More are answered with 431, too. */
  readonly maxHeaderCount: number
  /** From the first byte of a request to the end of its headers, then 408. */
  readonly headersTimeoutMs: number
  /** From the first byte of a request to its last, then 408. */
  readonly requestTimeoutMs: number
  /** How long an idle connection is kept; longer than the load balancers in front keep theirs. */
  readonly keepAliveTimeoutMs: number
  /** HTTP/1.1 requests of one connection that wait for earlier answers; more end it. */
  readonly maxPipelined: number
  /** HTTP/2 streams of one connection at a time. */
  readonly maxStreams: number
}

export const DEFAULT_LIMITS: ListenerLimits = {
  maxHeaderBytes: 32_768,
  maxHeaderCount: 200,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 300_000,
  keepAliveTimeoutMs: 75_000,
  maxPipelined: 100,
  maxStreams: 256,
}
