import { z } from 'zod'
import { backendRef } from './api-route-backend.ts'
import { METHODS } from './api-route-match.ts'
import { cel, headerName, headerValue, hostname } from './common.ts'

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

/** The field of each type of filter. */
export const FILTERS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  RequestMirror: 'requestMirror',
  CORS: 'cors',
} as const

/** What is done to a request and its response. */
export const filter = z
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

export type RouteFilter = z.output<typeof filter>
export type PathModifier = z.output<typeof pathModifier>
