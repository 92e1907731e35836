import { z } from 'zod'
import { parseIsoDuration } from './iso-duration.ts'

const attributes = z.record(z.string(), z.string())
const affixes = attributes.refine(
  (entries) => Object.entries(entries).length > 0 && !Object.values(entries).includes(''),
  'needs at least one attribute, and no empty value',
)

/** One expression of the Subscriptions API: exactly one dialect. */
export interface Filter {
  exact?: Record<string, string> | undefined
  prefix?: Record<string, string> | undefined
  suffix?: Record<string, string> | undefined
  all?: Filter[] | undefined
  any?: Filter[] | undefined
  not?: Filter | undefined
}

const filter: z.ZodType<Filter> = z.lazy(() =>
  z
    .strictObject({
      exact: affixes.optional(),
      prefix: affixes.optional(),
      suffix: affixes.optional(),
      all: z.array(filter).min(1).optional(),
      any: z.array(filter).min(1).optional(),
      not: filter.optional(),
      cesql: z.never('CESQL is not supported by the local broker, only on a cluster').optional(),
    })
    .refine((dialects) => Object.keys(dialects).length === 1, 'needs exactly one dialect'),
)

const isoDuration = z
  .string()
  .refine((text) => parseIsoDuration(text) !== undefined, 'must be an ISO 8601 duration')

const delivery = z.object({
  retry: z.int().min(0).optional(),
  backoffPolicy: z.enum(['linear', 'exponential']).optional(),
  backoffDelay: isoDuration.optional(),
  timeout: isoDuration.optional(),
})

const metadata = z.object({ name: z.string(), namespace: z.string().optional() })

const trigger = z.object({
  apiVersion: z.literal('eventing.knative.dev/v1'),
  kind: z.literal('Trigger'),
  metadata,
  spec: z.object({
    broker: z.string(),
    filter: z.object({ attributes: attributes.optional() }).optional(),
    filters: z.array(filter).optional(),
    subscriber: z.object({ ref: z.object({ name: z.string() }) }),
    delivery: delivery.optional(),
  }),
})

const broker = z.object({
  apiVersion: z.literal('eventing.knative.dev/v1'),
  kind: z.literal('Broker'),
  metadata,
  spec: z.object({ delivery: delivery.optional() }).optional(),
})

/** A Knative Trigger, as far as the local broker reads it. */
export type Trigger = z.infer<typeof trigger>
/** A Knative Broker: it says how events are delivered where a Trigger does not. */
export type BrokerObject = z.infer<typeof broker>
/** `spec.delivery` of both. Dead letters are only logged here. */
export type Delivery = z.infer<typeof delivery>

const parse = <T>(schema: z.ZodType<T>, object: unknown, from: string): T => {
  const result = schema.safeParse(object)
  if (result.success) return result.data
  throw new Error(`${from}: ${z.prettifyError(result.error)}`, { cause: result.error })
}

/** @throws Error that names `from` and the field when the broker cannot do what it asks for. */
export const parseTrigger = (object: unknown, from = 'Trigger'): Trigger =>
  parse(trigger, object, from)

/** @throws Error that names `from` and the field. */
export const parseBroker = (object: unknown, from = 'Broker'): BrokerObject =>
  parse(broker, object, from)
