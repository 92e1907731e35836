import { z } from 'zod'

const pair = z.tuple([z.string(), z.string()])

const valueMatch = z.object({
  type: z.enum(['Exact', 'RegularExpression']),
  /** Lower case for headers. */
  name: z.string(),
  value: z.string(),
})

const routeMatch = z.object({
  path: z.object({
    type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']),
    /** Normalised; a prefix has no final slash, so `/` is the empty string. */
    value: z.string(),
  }),
  method: z.string().optional(),
  headers: z.array(valueMatch),
  queryParams: z.array(valueMatch),
})

/** What to look up before dialling; URLs are ready to dial. */
const backend = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Service'), name: z.string(), port: z.int() }),
  z.object({ kind: z.literal('KnativeService'), name: z.string() }),
  z.object({
    kind: z.literal('URL'),
    protocol: z.enum(['http', 'https']),
    /** DNS name or IP address, without brackets. */
    host: z.string(),
    port: z.int(),
  }),
])

const pathModifier = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ReplaceFullPath'), value: z.string() }),
  z.object({ type: z.literal('ReplacePrefixMatch'), value: z.string() }),
])

const headerEdits = z.object({
  set: z.array(pair),
  add: z.array(pair),
  /** Lower case. */
  remove: z.array(z.string()),
})

/** An APIRoute as the gateway reads it: defaults applied, durations in milliseconds. */
export const compiledRoute = z.object({
  /** Lower case; empty for every host. */
  hostnames: z.array(z.string()),
  matches: z.array(routeMatch),
  redirect: z
    .object({
      scheme: z.enum(['http', 'https']).optional(),
      hostname: z.string().optional(),
      port: z.int().optional(),
      path: pathModifier.optional(),
      statusCode: z.int(),
    })
    .optional(),
  rewrite: z.object({ hostname: z.string().optional(), path: pathModifier.optional() }).optional(),
  requestHeaders: headerEdits.optional(),
  responseHeaders: headerEdits.optional(),
  cors: z
    .object({
      allowOrigins: z.array(z.string()),
      allowMethods: z.array(z.string()),
      allowHeaders: z.array(z.string()),
      exposeHeaders: z.array(z.string()),
      allowCredentials: z.boolean(),
      maxAgeSeconds: z.int(),
    })
    .optional(),
  mirrors: z.array(z.object({ backend, percent: z.int() })),
  backends: z.array(z.object({ backend, weight: z.int() })),
  /** 0 stands for none. */
  timeouts: z.object({ requestMs: z.int(), backendRequestMs: z.int() }),
  retry: z
    .object({
      attempts: z.int(),
      codes: z.array(z.int()),
      backoffMs: z.int(),
      methods: z.array(z.string()),
      budget: z.object({ percent: z.int(), intervalMs: z.int(), minRetryRate: z.int() }),
    })
    .optional(),
})

export type CompiledRoute = z.infer<typeof compiledRoute>
export type CompiledMatch = z.infer<typeof routeMatch>
export type CompiledBackend = z.infer<typeof backend>
export type CompiledPathModifier = z.infer<typeof pathModifier>
export type HeaderEdits = z.infer<typeof headerEdits>
export type CompiledCors = NonNullable<CompiledRoute['cors']>
export type CompiledRetry = NonNullable<CompiledRoute['retry']>
