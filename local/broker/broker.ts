import type { Registry } from '@prometheus-io/client'
import type { EventMessage } from '#lib/cloud-event.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { type Envelope, toEnvelope } from './envelope.ts'
import { compileFilter } from './filter.ts'
import { createBrokerMetrics } from './metrics.ts'
import { toRetryPolicy } from './retry.ts'
import { createSubscription, type Deliver } from './subscription.ts'
import type { Delivery, Trigger } from './trigger.ts'

export interface BrokerOptions {
  readonly triggers: readonly Trigger[]
  /** Gets `spec.subscriber.ref.name`. */
  readonly deliver: Deliver
  readonly log: Log
  readonly registry: Registry
  /** For Triggers without `spec.delivery`; default as a new Broker of Knative: 10 retries. */
  readonly delivery?: Delivery
  /** Most deliveries at once for each Trigger; default 64. */
  readonly concurrency?: number
}

/** A Knative Broker with its Triggers in this process; it keeps nothing when it ends. */
export interface Broker {
  /** Resolves once accepted. Rejects when it is not a CloudEvent, or the broker is closed. */
  publish(message: EventMessage): Promise<void>
  /** Resolves when every event, and every reply to one, was delivered or given up. */
  idle(): Promise<void>
  /** Drops what waits and ends when the deliveries in flight did. */
  close(): Promise<void>
}

/** As in Knative: hops an event and the replies to it may make. */
const MAX_TTL = 255

/**
 * Delivers events to the subscribers of the Triggers that let them through. Like Knative's Broker
 * it keeps no order, repeats what failed, and publishes replies; unlike it, an event is accepted
 * as soon as it is queued.
 */
export const createBroker = (options: BrokerOptions): Broker => {
  const { triggers, deliver, log, registry, delivery, concurrency = 64 } = options
  const metrics = createBrokerMetrics(registry)
  const idle = new Set<() => void>()
  let pending = 0
  let closed = false

  const track = (work: Promise<void>): void => {
    pending += 1
    void work.then(() => {
      pending -= 1
      if (pending > 0) return
      for (const resolve of idle) resolve()
      idle.clear()
    })
  }

  const dispatch = (envelope: Envelope): void => {
    if (envelope.ttl <= 0) {
      const { type, id } = envelope.attributes
      log.error({ type, id }, 'reply dropped: its chain of replies is too long')
      return
    }
    for (const { matches, subscription } of subscriptions) {
      if (matches(envelope.attributes)) track(subscription.offer(envelope))
    }
  }

  const subscriptions = triggers.map(({ metadata, spec }) => ({
    matches: compileFilter(spec),
    subscription: createSubscription({
      trigger: metadata.name,
      subscriber: spec.subscriber.ref.name,
      retry: toRetryPolicy(spec.delivery ?? delivery),
      concurrency,
      deliver,
      onReply: dispatch,
      log,
      metrics,
    }),
  }))

  return {
    async publish(message) {
      if (closed) throw new Error('the broker is closed')
      dispatch(toEnvelope(message, MAX_TTL))
    },
    idle() {
      if (pending === 0) return Promise.resolve()
      return new Promise((resolve) => idle.add(resolve))
    },
    async close() {
      closed = true
      await Promise.all(subscriptions.map(({ subscription }) => subscription.close()))
    },
  }
}
