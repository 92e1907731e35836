import type { Event, EventMessage } from '#lib/cloud-event.ts'

/** Takes one event; resolves once it is accepted. Rejects with {@link SinkError}, or any error. */
export type Sink = (message: EventMessage, event: Event) => Promise<void>

/** Statuses below 500 after which the same request may yet succeed. */
const PASSING = new Set([404, 408, 409, 413, 425, 429])

/** The sink answered, but not with 2xx. */
export class SinkError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`the sink answered ${status}`)
    this.name = 'SinkError'
    this.status = status
  }
}

/** Whether sending the same event again can never succeed. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof SinkError &&
  error.status >= 400 &&
  error.status < 500 &&
  !PASSING.has(error.status)
