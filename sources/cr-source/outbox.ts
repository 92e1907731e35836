import type { Event } from '#lib/cloud-event.ts'
import { backoffMs } from '#lib/retry.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { createLane, type Lane, type Parcel } from './lane.ts'
import type { SourceMetrics } from './metrics.ts'
import { toMessage } from './resource-event.ts'
import { isHopeless, type Sink } from './sink.ts'

/** A parcel that can be written as an event under its final verb. */
export interface Outgoing extends Parcel {
  toEvent(verb: Parcel['verb']): Event
}

export interface OutboxOptions {
  readonly sink: Sink
  /** Most events in flight at once, of different objects. */
  readonly concurrency: number
  readonly log: Log
  readonly metrics: SourceMetrics
}

/** Delivers until accepted: in order within a key, side by side across keys. */
export interface Outbox {
  /** Resolves once this state or a newer one was accepted, or given up, or on stop. */
  send(key: string, parcel: Outgoing): Promise<void>
  /** Drops what is not in flight and waits for what is. */
  stop(): Promise<void>
}

interface Route {
  readonly key: string
  readonly lane: Lane<Outgoing>
  failures: number
  timer?: NodeJS.Timeout
}

/** While the sink is down, every object's every attempt fails: one line in a while will do. */
const WARN_EVERY_MS = 5000

/** One attempt. @returns whether the event is through with: accepted, or never to be. */
const createAttempt = ({ sink, log, metrics }: OutboxOptions) => {
  let warnedAt = Number.NEGATIVE_INFINITY

  const warn = (err: unknown, { type, id }: Event): void => {
    const now = performance.now()
    const recently = now - warnedAt < WARN_EVERY_MS
    if (!recently) warnedAt = now
    log[recently ? 'debug' : 'warn']({ err, type, id }, 'event not accepted, trying again')
  }

  return async (event: Event): Promise<boolean> => {
    const { type, id } = event
    try {
      await sink(toMessage(event), event)
      metrics.events.inc({ type, result: 'accepted' })
      return true
    } catch (err) {
      const dropped = isHopeless(err)
      metrics.events.inc({ type, result: dropped ? 'dropped' : 'failed' })
      if (dropped) log.error({ err, type, id }, 'event dropped: the sink will never accept it')
      else warn(err, event)
      return dropped
    }
  }
}

/** An outbox for one sink. */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { concurrency, metrics } = options
  const attempt = createAttempt(options)
  const routes = new Map<string, Route>()
  const ready = new Set<Route>()
  const active = new Set<Promise<void>>()
  let pending = 0
  let stopped = false

  const alter = (lane: Lane<Outgoing>, change: () => void): void => {
    pending -= lane.size
    change()
    pending += lane.size
    metrics.pending.set(pending)
  }

  const deliver = async (route: Route): Promise<void> => {
    const { lane } = route
    const parcel = lane.take()
    const through = await attempt(parcel.toEvent(parcel.verb))
    alter(lane, through ? lane.done : lane.failed)
    route.failures = through ? 0 : route.failures + 1
    if (through) ready.add(route)
    // A slot is not held while waiting, so that one object cannot keep others back.
    else if (!stopped)
      route.timer = setTimeout(() => makeReady(route), backoffMs(route.failures - 1))
  }

  const start = (route: Route): void => {
    const delivery = deliver(route).finally(() => {
      active.delete(delivery)
      pump()
    })
    active.add(delivery)
  }

  const pump = (): void => {
    for (const route of ready) {
      if (stopped || active.size >= concurrency) break
      ready.delete(route)
      if (route.lane.size === 0) routes.delete(route.key)
      else start(route)
    }
    metrics.inFlight.set(active.size)
  }

  const makeReady = (route: Route): void => {
    ready.add(route)
    pump()
  }

  return {
    send(key, parcel) {
      if (stopped) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      const known = routes.get(key)
      const route = known ?? { key, lane: createLane<Outgoing>(), failures: 0 }
      alter(route.lane, () => route.lane.push(parcel, resolve))
      if (known === undefined) {
        routes.set(key, route)
        makeReady(route)
      }
      return promise
    },
    async stop() {
      stopped = true
      for (const { timer } of routes.values()) clearTimeout(timer)
      await Promise.all(active)
      for (const { lane } of routes.values()) alter(lane, lane.clear)
    },
  }
}
