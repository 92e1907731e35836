import { randomUUID } from 'node:crypto'
import { COMPILED, type Compiled } from '#config/compiled/events.ts'
import type { Timeline } from '#config/compiled/fragment.ts'
import type { Event } from '#lib/cloud-event.ts'
import { createCoalescer } from '#lib/coalesce.ts'
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

/** What every compile function does. */
export interface CompileHandler {
  /** Compares everything. What that compiles is told with the next reply: nobody asked yet. */
  start(): Promise<void>
  /** Replies with what the event led to, if anything. */
  readonly handle: Handle
}

export const createCompileHandler = (name: string, compiler: Compiler): CompileHandler => {
  const batch = createReplyBatch<Compiled>(REPLY_WAIT_MS)
  // One that takes longer than the Broker waits must not be joined by its own repetition.
  const coalesced = createCoalescer(() => compiler.resync())
  const resync = () => coalesced('all')
  const untold: Compiled[] = []

  const start = async (): Promise<void> => {
    untold.push(...choose(await resync()))
  }

  const handle: Handle = async (event) => {
    const compiled = isResync(event)
      ? await resync()
      : await compiler.reconcile(toObjectHint(event), toTimeline(event))
    const objects = await batch([...untold.splice(0), ...compiled])
    if (objects.length === 0) return undefined
    return {
      id: randomUUID(),
      type: COMPILED,
      source: `/functions/${name}`,
      data: { objects: choose(objects) },
      ...(event.traceparent && { traceparent: event.traceparent }),
    }
  }

  return { start, handle }
}
