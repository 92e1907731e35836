import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { resetConnection } from './connection-end.ts'

/** How long one direction may be silent once the other has ended. */
const HALF_CLOSED_IDLE_MS = 60_000

/** What `from` ends, `to` ends; what breaks, breaks, after all that came was handed on. */
const forward = (from: Duplex, to: Duplex): void => {
  from.on('end', () => {
    to.end()
    ;(to as Socket).setTimeout(HALF_CLOSED_IDLE_MS, () => to.destroy())
  })
  from.on('error', () => resetConnection(to))
  from.on('close', () => {
    if (!from.readableEnded) resetConnection(to)
  })
  from.pipe(to, { end: false })
}

/** Joins two connections byte by byte, each direction for itself: one may end before the other. */
export const tunnel = (client: Duplex, upstream: Duplex): void => {
  client.allowHalfOpen = true
  upstream.allowHalfOpen = true
  forward(client, upstream)
  forward(upstream, client)
}
