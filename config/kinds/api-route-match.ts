import { z } from 'zod'
import { cel, headerName } from './common.ts'

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

export const METHODS = [
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

/** Which requests a route is for. */
export const routeMatch = z
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
