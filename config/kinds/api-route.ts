import { z } from 'zod'
import {
  cel,
  duration,
  headerName,
  headerValue,
  hostname,
  type KindDefinition,
  objectName,
} from './common.ts'

const pathMatch = z
  .object({
    type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']).default('PathPrefix'),
    value: z
      .string()
      .max(1024)
      .default('/')
      .describe('Path, or an RE2 expression that must match the whole path.'),
  })
  .describe('How the path of a request is compared, after normalisation.')
  .meta(
    cel(
      {
        rule: "self.type == 'RegularExpression' || self.value.startsWith('/')",
        message: 'must start with /',
        fieldPath: '.value',
      },
      {
        rule: "self.type == 'RegularExpression' || !(self.value.contains('//') || self.value.contains('/./') || self.value.contains('/../') || self.value.endsWith('/.') || self.value.endsWith('/..') || self.value.contains('?') || self.value.contains('#'))",
        message: 'must not contain //, /./, /../, ? or #',
        fieldPath: '.value',
      },
    ),
  )

const valueMatchType = z.enum(['Exact', 'RegularExpression']).default('Exact')

const headerMatch = z.object({
  type: valueMatchType,
  name: headerName,
  value: z.string().min(1).max(4096).describe('Value, or an RE2 expression for the whole value.'),
})

const queryParamMatch = z.object({
  type: valueMatchType,
  name: z.string().min(1).max(256).describe('Parameter name; case matters.'),
  value: z.string().min(1).max(1024).describe('Value, or an RE2 expression for the whole value.'),
})

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
] as const

const routeMatch = z
  .object({
    path: pathMatch
      .optional()
      .describe('Default: every path.')
      .meta({ default: { type: 'PathPrefix', value: '/' } }),
    method: z.enum(METHODS).optional().describe('Default: every method.'),
    headers: z.array(headerMatch).max(16).optional().describe('All must match.'),
    queryParams: z.array(queryParamMatch).max(16).optional().describe('All must match.'),
  })
  .describe('A request matches when all that is given here matches.')

const backendRef = z
  .object({
    group: z
      .enum(['', 'serving.knative.dev'])
      .default('')
      .describe('API group: empty for a core Service, serving.knative.dev for a Knative Service.'),
    kind: z.enum(['Service']).default('Service'),
    name: objectName.optional().describe('Name of the Service, in the namespace of the route.'),
    port: z.int().min(1).max(65_535).optional().describe('Port of a core Service.'),
    url: z
      .string()
      .max(2048)
      .regex(/^https?:\/\/[^\s/?#@\\]+\/?$/)
      .optional()
      .describe('In place of a Service: http(s)://host[:port]. Paths are for a URLRewrite filter.'),
    weight: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(1)
      .describe('Share of the requests, relative to the sum of all weights.'),
  })
  .describe('Where requests go.')
  .meta(
    cel(
      {
        rule: 'has(self.name) != has(self.url)',
        message: 'exactly one of name and url must be set',
      },
      {
        rule: "has(self.url) || self.group != '' || has(self.port)",
        message: 'port is required for a core Service',
        fieldPath: '.port',
      },
      {
        rule: "!has(self.port) || (has(self.name) && self.group == '')",
        message: 'port is for a core Service only',
        fieldPath: '.port',
      },
    ),
  )

const header = z.object({ name: headerName, value: headerValue })

const headerModifier = z
  .object({
    set: z.array(header).max(32).optional().describe('Replaces the header.'),
    add: z.array(header).max(32).optional().describe('Adds to what is there.'),
    remove: z.array(headerName).max(32).optional().describe('Removes the header.'),
  })
  .describe('Header edits: set, then add, then remove.')

const pathModifier = z
  .object({
    type: z.enum(['ReplaceFullPath', 'ReplacePrefixMatch']),
    replaceFullPath: z
      .string()
      .max(1024)
      .regex(/^\/[^\s?#]*$/)
      .optional(),
    replacePrefixMatch: z
      .string()
      .max(1024)
      .regex(/^\/[^\s?#]*$/)
      .optional()
      .describe('Replaces the matched prefix; every match of the route must be a PathPrefix.'),
  })
  .meta(
    cel({
      rule: "self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) && !has(self.replacePrefixMatch) : has(self.replacePrefixMatch) && !has(self.replaceFullPath)",
      message: 'exactly the field that type names must be set',
    }),
  )

const preciseHostname = hostname
  .refine((name) => !name.startsWith('*'), 'must not be a wildcard')
  .meta(cel({ rule: "!self.startsWith('*')", message: 'must not be a wildcard' }))

const REDIRECT_CODES = [301, 302, 303, 307, 308]

const urlRewrite = z.object({
  hostname: preciseHostname.optional().describe('Host header towards the backend.'),
  path: pathModifier.optional(),
})

const requestRedirect = z.object({
  scheme: z.enum(['http', 'https']).optional(),
  hostname: preciseHostname.optional(),
  port: z.int().min(1).max(65_535).optional(),
  path: pathModifier.optional(),
  statusCode: z
    .int()
    .refine((code) => REDIRECT_CODES.includes(code), 'must be 301, 302, 303, 307 or 308')
    .default(302)
    .meta(
      cel({
        rule: `self in [${REDIRECT_CODES.join(', ')}]`,
        message: 'must be 301, 302, 303, 307 or 308',
      }),
    ),
})

const requestMirror = z.object({
  backendRef,
  percent: z.int().min(0).max(100).default(100).describe('Share of the requests to copy.'),
})

const origin = z
  .string()
  .min(1)
  .max(253)
  .regex(/^(\*|https?:\/\/(\*|(\*\.)?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:([0-9]{1,5}|\*))?)$/)

const cors = z.object({
  allowOrigins: z
    .array(origin)
    .min(1)
    .max(64)
    .describe('Origins; a host may start with *. and * alone allows all.'),
  allowMethods: z
    .array(z.enum([...METHODS, '*']))
    .max(16)
    .default(['GET', 'HEAD', 'POST']),
  allowHeaders: z.array(headerName).max(64).default([]),
  exposeHeaders: z.array(headerName).max(64).default([]),
  allowCredentials: z.boolean().default(false),
  maxAge: z.int().min(0).max(86_400).default(5).describe('Seconds a preflight may be cached.'),
})

const FILTERS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  RequestMirror: 'requestMirror',
  CORS: 'cors',
} as const

const filter = z
  .object({
    type: z.enum(Object.keys(FILTERS) as (keyof typeof FILTERS)[]),
    requestHeaderModifier: headerModifier.optional(),
    responseHeaderModifier: headerModifier.optional(),
    requestRedirect: requestRedirect.optional().describe('Answers with a redirect.'),
    urlRewrite: urlRewrite.optional().describe('Changes host or path towards the backend.'),
    requestMirror: requestMirror
      .optional()
      .describe('Sends a copy to another backend; its answers are dropped.'),
    cors: cors.optional().describe('Answers preflights and marks responses for browsers.'),
  })
  .meta(
    cel(
      ...Object.entries(FILTERS).map(([type, field]) => ({
        rule: `(self.type == '${type}') == has(self.${field})`,
        message: `${field} must be set for type ${type}, and only for it`,
        fieldPath: `.${field}`,
      })),
    ),
  )

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
export type BackendRef = z.output<typeof backendRef>
export type RouteFilter = z.output<typeof filter>
export type PathModifier = z.output<typeof pathModifier>

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
    {
      name: 'Accepted',
      type: 'string',
      jsonPath: ".status.conditions[?(@.type=='Accepted')].status",
      description: 'Whether the route compiles',
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
      description: 'Time since the route was created',
    },
  ],
} as const satisfies KindDefinition
