import type { KubeClient } from '#lib/kube/client.ts'
import { events, type KubeObject } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'

/** Records Kubernetes Events, at a pace that leaves the API server its time for edits. */
export interface EventRecorder {
  record(event: KubeObject): void
  /** Drops what waits. */
  stop(): void
}

const INTERVAL_MS = 100
/** Events in one interval: 50 a second. */
const PER_INTERVAL = 5
/** Events are for people: what is older than this many others is of no use to them. */
const MAX_WAITING = 10_000

export const createEventRecorder = (client: KubeClient, log: Log): EventRecorder => {
  const waiting: KubeObject[] = []
  let sent = 0
  let timer: NodeJS.Timeout | undefined

  const send = (event: KubeObject): void => {
    sent += 1
    client.create(events, event).catch((error: unknown) => {
      log.debug({ err: error }, 'event not recorded')
    })
  }
  const tick = (): void => {
    const wasBusy = sent > 0
    sent = 0
    for (const event of waiting.splice(0, PER_INTERVAL)) send(event)
    timer = wasBusy || sent > 0 ? setTimeout(tick, INTERVAL_MS) : undefined
  }

  return {
    record(event) {
      if (waiting.length >= MAX_WAITING) waiting.shift()
      if (sent < PER_INTERVAL && waiting.length === 0) send(event)
      else waiting.push(event)
      timer ??= setTimeout(tick, INTERVAL_MS)
    },
    stop: () => clearTimeout(timer),
  }
}
