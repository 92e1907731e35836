import type { Event, EventMessage } from '#lib/cloud-event.ts'
import { SinkError } from '#lib/http-sink.ts'

/** Takes one event; resolves once it is accepted. Rejects with {@link SinkError}, or any error. */
export type Sink = (message: EventMessage, event: Event) => Promise<void>

/** Statuses below 500 after which the same request may yet succeed. */
const PASSING = new Set([404, 408, 409, 413, 425, 429])

/** Whether sending the same event again can never succeed. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof SinkError &&
  error.status >= 400 &&
  error.status < 500 &&
  !PASSING.has(error.status)
