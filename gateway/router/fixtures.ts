import type { CompiledMatch } from '#config/compiled/api-route.ts'
import type { RouteEntry } from './candidate.ts'
import type { RouteRequest } from './request-probe.ts'

const SHORT = { '=': 'Exact', '^': 'PathPrefix', '~': 'RegularExpression' } as const

/** A match for tests: the path as `=/exact`, `^/prefix` or `~regex`. */
export const toMatch = (path: string, rest: Partial<CompiledMatch> = {}): CompiledMatch => ({
  path: { type: SHORT[path[0] as keyof typeof SHORT], value: path.slice(1) },
  headers: [],
  queryParams: [],
  ...rest,
})

/** Conditions for tests, from `name=exact` and `name~regex`. */
export const toValues = (...conditions: string[]): CompiledMatch['headers'] =>
  conditions.map((condition) => {
    const [, name = '', operator, value = ''] = /^([^=~]*)([=~])(.*)$/.exec(condition) ?? []
    return { type: operator === '=' ? 'Exact' : 'RegularExpression', name, value }
  })

/** An entry for tests, whose value is its name. */
export const toEntry = (
  name: string,
  matches: CompiledMatch[],
  rest: Partial<RouteEntry<string>> = {},
): RouteEntry<string> => ({
  key: `APIRoute/default/${name}`,
  namespace: 'default',
  name,
  createdAt: '2026-01-01T00:00:00Z',
  hostnames: [],
  matches,
  value: name,
  ...rest,
})

/** A request for tests, from `host/path?query`. */
export const toRequest = (target: string, rest: Partial<RouteRequest> = {}): RouteRequest => {
  const [, host = '', path = '', query = ''] = /^([^/]*)([^?]*)\??(.*)$/.exec(target) ?? []
  return { method: 'GET', host, path, query, headers: {}, ...rest }
}
