import { z } from 'zod'
import { backendRef } from './api-route-backend.ts'
import { FILTERS, filter } from './api-route-filter.ts'
import { METHODS, routeMatch } from './api-route-match.ts'
import { cel, conditionColumns, duration, hostname, type KindDefinition } from './common.ts'

const budget = z.object({
  percent: z
    .int()
    .min(0)
    .max(100)
    .default(20)
    .describe('Retries allowed, in percent of the active and recent requests of this route.'),
  interval: duration.default('10s').describe('What recent means.'),
  minRetryRate: z
    .int()
    .min(0)
    .max(10_000)
    .default(10)
    .describe('Retries a second that are always allowed, so that quiet routes retry too.'),
})

const retry = z.object({
  attempts: z.int().min(1).max(5).default(1).describe('Retries after the first try.'),
  codes: z
    .array(z.int().min(400).max(599))
    .max(32)
    .default([502, 503, 504])
    .describe('Statuses of the backend that are tried again; failed connections always are.'),
  backoff: duration
    .default('25ms')
    .describe('Wait before the first retry; doubles with each, with jitter.'),
  methods: z
    .array(z.enum(METHODS))
    .max(10)
    .default(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'QUERY'])
    .describe('Methods that may be sent twice. Others are retried only if nothing was sent.'),
  budget: budget.prefault({}).meta({ default: {} }),
})

const timeouts = z
  .object({
    request: duration
      .optional()
      .describe('From the request until its response is complete; 0s for none. Default 60s.'),
    backendRequest: duration
      .optional()
      .describe('Each try, until its response is complete; 0s for none.'),
  })
  .meta(
    cel({
      rule: "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
      message: 'backendRequest must not be longer than request',
      fieldPath: '.backendRequest',
    }),
  )

const once = (type: string) => ({
  rule: `!has(self.filters) || self.filters.filter(f, f.type == '${type}').size() <= 1`,
  message: `at most one ${type} filter`,
  fieldPath: '.filters',
})

const has = (type: string) => `(has(self.filters) && self.filters.exists(f, f.type == '${type}'))`

const spec = z
  .object({
    hostnames: z
      .array(hostname)
      .max(16)
      .optional()
      .describe('Hosts the route answers for. Default: every host.')
      .meta({ 'x-kubernetes-list-type': 'set' }),
    matches: z
      .array(routeMatch)
      .min(1)
      .max(64)
      .optional()
      .describe('A request is for this route when one of these matches. Default: every request.')
      .meta({ default: [{ path: { type: 'PathPrefix', value: '/' } }] }),
    filters: z.array(filter).max(16).optional().describe('What is done to request and response.'),
    backendRefs: z.array(backendRef).max(16).optional().describe('Where requests go, by weight.'),
    timeouts: timeouts.optional(),
    retry: retry.optional(),
  })
  .meta(
    cel(
      ...Object.keys(FILTERS)
        .filter((type) => type !== 'RequestMirror')
        .map(once),
      {
        rule: `!(${has('RequestRedirect')} && ${has('URLRewrite')})`,
        message: 'RequestRedirect and URLRewrite exclude each other',
        fieldPath: '.filters',
      },
      {
        rule: `${has('RequestRedirect')} != (has(self.backendRefs) && self.backendRefs.size() > 0)`,
        message:
          'backendRefs are required, except with a RequestRedirect filter, which excludes them',
      },
    ),
  )

export type ApiRouteSpec = z.output<typeof spec>

/** A route: which requests, where to, and what happens on the way. */
export const apiRoute = {
  kind: 'APIRoute',
  plural: 'apiroutes',
  singular: 'apiroute',
  shortNames: ['ar'],
  description: 'APIRoute sends the requests it matches to backends.',
  spec,
  printerColumns: [
    {
      name: 'Hostnames',
      type: 'string',
      jsonPath: '.spec.hostnames',
      description: 'Hosts the route answers for',
    },
    {
      name: 'Path',
      type: 'string',
      jsonPath: '.spec.matches[0].path.value',
      description: 'Path of the first match',
    },
    ...conditionColumns,
  ],
} as const satisfies KindDefinition
