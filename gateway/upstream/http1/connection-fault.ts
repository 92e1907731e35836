import { UpstreamFault } from './error.ts'

/** How far a connection has come. */
export type ConnectionPhase = 'connecting' | 'securing' | 'open' | 'closed'

/** The socket closed before it should. */
export const closeFault = (phase: ConnectionPhase, cause: Error | undefined): UpstreamFault => {
  if (cause instanceof UpstreamFault) return cause
  if (phase === 'connecting') {
    return new UpstreamFault('connect_failed', 'the connection could not be made', cause)
  }
  if (phase === 'securing')
    return new UpstreamFault('tls_failed', 'the TLS handshake failed', cause)
  return new UpstreamFault('reset', 'the upstream closed the connection', cause)
}

/** The time for what the connection was doing is up. */
export const timeoutFault = (phase: ConnectionPhase, inBody: boolean): UpstreamFault => {
  if (phase !== 'open') {
    return new UpstreamFault('connect_timeout', 'the connection took too long')
  }
  return inBody
    ? new UpstreamFault('idle_timeout', 'the response body stalled')
    : new UpstreamFault('header_timeout', 'the response took too long')
}

/** A callback threw before its exchange was over: the exchange fails, the gateway goes on. */
export const handlerFault = (cause: unknown): UpstreamFault =>
  new UpstreamFault('protocol', 'the response could not be handled', cause)
