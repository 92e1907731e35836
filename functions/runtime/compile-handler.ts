import { randomUUID } from 'node:crypto'
import { COMPILED, type Compiled } from '#config/compiled/events.ts'
import type { Timeline } from '#config/compiled/fragment.ts'
import type { Event } from '#lib/cloud-event.ts'
import type { Handle } from './app.ts'
import type { Compiler } from './compiler.ts'
import { isResync, toObjectHint } from './object-hint.ts'
import { createReplyBatch } from './reply-batch.ts'

const MAX_OBJECTS = 2000

/** At most so many, from a place of chance: after some rounds all of very many were told. */
const choose = <T>(objects: T[]): T[] => {
  if (objects.length <= MAX_OBJECTS) return objects
  const start = Math.floor(Math.random() * objects.length)
  return [...objects.slice(start), ...objects.slice(0, start)].slice(0, MAX_OBJECTS)
}

const toTimeline = (event: Event): Timeline => ({
  received: Date.now(),
  ...(event.time !== undefined && { sent: Date.parse(event.time) }),
  ...(event.traceparent && { traceparent: event.traceparent }),
})

/** How long a reply waits for what other events lead to; nothing is served later for it. */
const REPLY_WAIT_MS = 15

/** What every compile function does with an event; it replies with what it compiled, if anything. */
export const createCompileHandler = (name: string, compiler: Compiler): Handle => {
  const batch = createReplyBatch<Compiled>(REPLY_WAIT_MS)
  return async (event) => {
    const compiled = isResync(event)
      ? await compiler.resync()
      : await compiler.reconcile(toObjectHint(event), toTimeline(event))
    const objects = await batch(compiled)
    if (objects.length === 0) return undefined
    return {
      id: randomUUID(),
      type: COMPILED,
      source: `/functions/${name}`,
      data: { objects: choose(objects) },
      ...(event.traceparent && { traceparent: event.traceparent }),
    }
  }
}
