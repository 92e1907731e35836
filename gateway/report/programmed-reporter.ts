import { randomUUID } from 'node:crypto'
import { PROGRAMMED, type Programmed, type Served } from '#config/compiled/events.ts'
import { toKeyString } from '#config/compiled/fragment.ts'
import { type EventMessage, encodeEvent } from '#lib/cloud-event.ts'
import { retry } from '#lib/retry.ts'
import type { Log } from '#lib/telemetry/log.ts'

export interface ReporterOptions {
  readonly replica: string
  /** Sends one event to the Broker; rejects when it was not accepted. */
  publish(message: EventMessage): Promise<void>
  readonly log: Log
}

/** This replica's own word on what it serves, sent to the Broker. */
export interface ProgrammedReporter {
  readonly boot: string
  /** Grows with each change of what is served. */
  readonly sequence: number
  /** @param traceparent of the edit that led to it */
  add(served: Served, traceparent?: string): void
  /** Says that all is loaded: who wants to know asks for it. */
  announce(): void
  stop(): Promise<void>
}

const MAX_OBJECTS = 500

/**
 * Reports changes in batches: one event is under way at a time, and what changes meanwhile goes
 * with the next, so that an edit is told at once and a burst costs few events.
 */
export const createProgrammedReporter = (options: ReporterOptions): ProgrammedReporter => {
  const { replica, publish, log } = options
  const boot = randomUUID()
  const abort = new AbortController()
  const pending = new Map<string, { served: Served; traceparent: string | undefined }>()
  let sequence = 0
  let events = 0
  let running: Promise<void> | undefined

  const send = async (objects: Served[] | undefined, traceparent?: string): Promise<void> => {
    const data: Programmed = { replica, boot, sequence, ...(objects && { objects }) }
    const message = encodeEvent({
      id: `${boot}.${++events}`,
      type: PROGRAMMED,
      source: `/gateways/${replica}`,
      data,
      ...(traceparent && { traceparent }),
    })
    await retry(
      () => publish(message),
      abort.signal,
      (error) => {
        log.warn({ err: error }, 'programmed not reported')
      },
    )
  }

  const drain = async (): Promise<void> => {
    // A tick's changes, such as a first list's, go together.
    await new Promise(setImmediate)
    while (pending.size > 0 && !abort.signal.aborted) {
      const batch = [...pending].slice(0, MAX_OBJECTS)
      for (const [key] of batch) pending.delete(key)
      // A batch of several edits goes on with the trace of the first.
      const traceparent = batch.find(([, entry]) => entry.traceparent)?.[1].traceparent
      await send(
        batch.map(([, { served }]) => served),
        traceparent,
      )
    }
    running = undefined
  }

  return {
    boot,
    get sequence() {
      return sequence
    },
    add(served, traceparent) {
      sequence += 1
      pending.set(toKeyString(served), { served, traceparent })
      running ??= drain()
    },
    announce: () => void send(undefined),
    async stop() {
      abort.abort()
      await running
    },
  }
}
