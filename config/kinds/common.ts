import { z } from 'zod'

/** A CEL rule of the CRD (`x-kubernetes-validations`), evaluated by the API server. */
export interface CelRule {
  rule: string
  message: string
  fieldPath?: string
}

/** Attaches CEL rules to a schema; they appear in the CRD and are the API server's to check. */
export const cel = (...rules: CelRule[]) => ({ 'x-kubernetes-validations': rules })

/** How a custom resource kind is named and printed; with its schema, all that its CRD needs. */
export interface KindDefinition {
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly description: string
  /** Schema of `.spec` as users write it. */
  readonly spec: z.ZodType
  readonly printerColumns: readonly PrinterColumn[]
}

/** An `additionalPrinterColumns` entry: what `kubectl get` shows. */
export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'date'
  readonly jsonPath: string
  readonly description: string
  /** 1 hides the column unless `-o wide`. */
  readonly priority?: number
}

/** What every kind's columns end with: whether it is served, and how old it is. */
export const conditionColumns = [
  {
    name: 'Accepted',
    type: 'string',
    jsonPath: ".status.conditions[?(@.type=='Accepted')].status",
    description: 'Whether the object compiles',
  },
  {
    name: 'ResolvedRefs',
    type: 'string',
    jsonPath: ".status.conditions[?(@.type=='ResolvedRefs')].status",
    description: 'Whether all it refers to exists',
  },
  {
    name: 'Programmed',
    type: 'string',
    jsonPath: ".status.conditions[?(@.type=='Programmed')].status",
    description: 'Whether every ready gateway replica serves it',
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: ".status.conditions[?(@.status=='False')].message",
    description: 'What is wrong',
    priority: 1,
  },
  {
    name: 'Age',
    type: 'date',
    jsonPath: '.metadata.creationTimestamp',
    description: 'Time since the object was created',
  },
] as const satisfies readonly PrinterColumn[]

export const GROUP = 'penstock.dev'
export const VERSION = 'v1alpha1'
export const API_VERSION = `${GROUP}/${VERSION}`

const LABEL = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?'

/** Where the API server serves a kind. */
export const toResourceType = ({ kind, plural }: Pick<KindDefinition, 'kind' | 'plural'>) => ({
  group: GROUP,
  version: VERSION,
  kind,
  plural,
})

/** An exact DNS name, or one with a single leading wildcard label (`*.example.com`). */
export const hostname = z
  .string()
  .max(253)
  .regex(new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`))
  .describe('DNS name, or *. followed by one; a wildcard stands for one or more labels.')

/** GEP-2257: `1h30m`, `10s`, `250ms`. */
export const duration = z
  .string()
  .max(32)
  .regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/)

/** RFC 9110 field name. */
export const headerName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[A-Za-z0-9!#$%&'*+\-.^_|~]+$/)
  .describe('Header name; case does not matter.')

/** RFC 9110 field value: no control characters, so that no value can add a header. */
export const headerValue = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/)

/** RFC 1123 label: the name of a Kubernetes object that is also a DNS label. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(new RegExp(`^${LABEL}(\\.${LABEL})*$`))

/** Key of a Secret's or a ConfigMap's data. */
export const secretKey = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/)

/** One status condition, as `metav1.Condition`. */
export const condition = z.object({
  type: z.string().max(316),
  status: z.enum(['True', 'False', 'Unknown']),
  observedGeneration: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  lastTransitionTime: z.string().max(64).meta({ format: 'date-time' }),
  reason: z.string().min(1).max(1024),
  message: z.string().max(32_768),
})

/** What every kind's `.status` holds; written by the status-update function only. */
export const status = z.object({
  observedGeneration: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Newest generation that the conditions speak of.'),
  conditions: z
    .array(condition)
    .max(8)
    .optional()
    .describe('Accepted, ResolvedRefs and Programmed.')
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] }),
})

export type Condition = z.infer<typeof condition>

/** Reads a GEP-2257 duration. @returns milliseconds; `undefined` for an absent one. */
export function toMs(text: string): number
export function toMs(text: string | undefined): number | undefined
export function toMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const unit = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  let total = 0
  for (const [, digits, name] of text.matchAll(/(\d+)(h|ms|m|s)/g)) {
    total += Number(digits) * unit[name as keyof typeof unit]
  }
  return total
}
