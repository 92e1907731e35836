import type { Registry } from '@prometheus-io/client'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { decodeEvent, type Event, encodeEvent } from '#lib/cloud-event.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { InvalidEvent } from './invalid-event.ts'

/** What a function does with one event: nothing more to say, or one event in reply. */
export type Handle = (event: Event) => Promise<Event | undefined>

export interface FunctionAppOptions {
  readonly handle: Handle
  readonly log: Log
  readonly registry: Registry
  /** Whether events may be sent; it answers the readiness probe. */
  isReady(): boolean
}

/** An event holds one object, which the API server limits to 1.5 MiB. */
const MAX_EVENT_BYTES = 4 << 20

const decode = async (request: Request): Promise<Event> => {
  const headers = Object.fromEntries(request.headers)
  try {
    return decodeEvent({ headers, body: await request.text() })
  } catch (cause) {
    throw new InvalidEvent('not a CloudEvent', { cause })
  }
}

/**
 * The HTTP edge of every function: `POST /` takes a CloudEvent. Answers 204, or 200 with the reply
 * in binary mode; 400 or 413 for what no retry can mend; 503 for the rest, which the Broker sends
 * again.
 */
export const createFunctionApp = ({ handle, log, registry, isReady }: FunctionAppOptions) => {
  const app = new Hono()
  const limit = bodyLimit({ maxSize: MAX_EVENT_BYTES, onError: (c) => c.body(null, 413) })
  app.post('/', limit, async (c) => {
    const reply = await handle(await decode(c.req.raw))
    if (!reply) return c.body(null, 204)
    const { headers, body } = encodeEvent(reply)
    return c.body(body, 200, headers)
  })
  app.get('/health/liveness', (c) => c.body(null, 204))
  app.get('/health/readiness', (c) => c.body(null, isReady() ? 204 : 503))
  app.get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
  app.onError((error, c) => {
    const invalid = error instanceof InvalidEvent
    log.warn({ err: error }, invalid ? 'event refused' : 'event failed')
    return c.body(null, invalid ? 400 : 503)
  })
  return app
}
