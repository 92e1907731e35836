import type { EventMessage } from '#lib/cloud-event.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { type Envelope, isEventMessage, toEnvelope } from './envelope.ts'
import type { BrokerMetrics } from './metrics.ts'
import { isRetried, type RetryPolicy } from './retry.ts'

/** A subscriber's answer; `message` is its body and headers, if it has any. */
export interface Answer {
  readonly status: number
  readonly message?: EventMessage | undefined
}

/** Sends an event to the subscriber of that name. Rejects when there is no answer. */
export type Deliver = (subscriber: string, message: EventMessage) => Promise<Answer>

export interface SubscriptionOptions {
  readonly trigger: string
  readonly subscriber: string
  readonly retry: RetryPolicy
  /** Most deliveries at once; those that wait for a retry do not count. */
  readonly concurrency: number
  readonly deliver: Deliver
  onReply(reply: Envelope): void
  readonly log: Log
  readonly metrics: BrokerMetrics
}

/** The deliveries of one Trigger. */
export interface Subscription {
  /** Resolves when the event was delivered or given up, its reply being on its way. */
  offer(envelope: Envelope): Promise<void>
  /** Drops what is not in flight and waits for what is. */
  close(): Promise<void>
}

interface Job {
  readonly envelope: Envelope
  failures: number
  settle(): void
}

interface Outcome {
  readonly status: number
  readonly reply?: Envelope
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** What Knative makes of an answer: a 2xx with a body that is no event is a 502. */
const toOutcome = ({ status, message }: Answer, ttl: number): Outcome => {
  if (!isSuccess(status) || message === undefined) return { status }
  if (!isEventMessage(message)) return { status: message.body === '' ? status : 502 }
  try {
    return { status, reply: toEnvelope(message, ttl - 1) }
  } catch {
    return { status: 502 }
  }
}

const withTimeout = async <T>(work: Promise<T>, timeoutMs: number | undefined): Promise<T> => {
  if (timeoutMs === undefined) return work
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('delivery timed out')), timeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const createAttempt =
  ({ subscriber, deliver, retry, log, trigger }: SubscriptionOptions) =>
  async ({ message, ttl }: Envelope): Promise<Outcome> => {
    try {
      return toOutcome(await withTimeout(deliver(subscriber, message), retry.timeoutMs), ttl)
    } catch (err) {
      log.warn({ err, trigger }, 'no answer to a delivery')
      return { status: 0 }
    }
  }

/** Delivers without keeping an order, as Knative's in-memory channel does. */
export const createSubscription = (options: SubscriptionOptions): Subscription => {
  const { trigger, retry, concurrency, onReply, log, metrics } = options
  const attempt = createAttempt(options)
  const queue: Job[] = []
  const waiting = new Map<Job, NodeJS.Timeout>()
  const running = new Set<Promise<void>>()
  let closed = false

  const finish = (job: Job, result: string): void => {
    metrics.deliveries.inc({ trigger, result })
    metrics.pending.dec({ trigger })
    job.settle()
  }

  const enqueue = (job: Job): void => {
    queue.push(job)
    pump()
  }

  const onFailure = (job: Job, status: number): void => {
    const { type, id } = job.envelope.attributes
    if (closed || job.failures >= retry.retries || !isRetried(status)) {
      log.error({ trigger, type, id, status, attempts: job.failures + 1 }, 'dead letter')
      finish(job, 'dead')
      return
    }
    metrics.deliveries.inc({ trigger, result: 'retried' })
    const again = () => {
      waiting.delete(job)
      enqueue(job)
    }
    waiting.set(job, setTimeout(again, retry.waitMs(job.failures)))
    job.failures += 1
  }

  const run = async (job: Job): Promise<void> => {
    const { status, reply } = await attempt(job.envelope)
    if (!isSuccess(status)) return onFailure(job, status)
    if (reply) onReply(reply)
    finish(job, 'delivered')
  }

  const pump = (): void => {
    while (!closed && running.size < concurrency) {
      const job = queue.shift()
      if (job === undefined) return
      const done = run(job).finally(() => {
        running.delete(done)
        pump()
      })
      running.add(done)
    }
  }

  return {
    offer(envelope) {
      if (closed) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      metrics.pending.inc({ trigger })
      enqueue({ envelope, failures: 0, settle: resolve })
      return promise
    },
    async close() {
      closed = true
      for (const timer of waiting.values()) clearTimeout(timer)
      for (const job of [...queue.splice(0), ...waiting.keys()]) finish(job, 'dropped')
      waiting.clear()
      await Promise.all(running)
    },
  }
}
