import { randomUUID } from 'node:crypto'
import type { CompiledMatch } from '#config/compiled/api-route.ts'
import type { LinkedRoute } from '../link/linked-route.ts'
import { countResponse } from '../link/route-stats.ts'
import type { RouteRequest } from '../router/request-probe.ts'
import { abandonBody } from './connection-end.ts'
import { ProxyExchange } from './exchange.ts'
import { type Incoming, type Outgoing, writeHead } from './http.ts'
import type { LocalRequest } from './local-request.ts'
import { ParsedRequest, parseRequest } from './parsed-request.ts'
import { answerProblem } from './problem.ts'
import type { ProxyContext } from './proxy-context.ts'
import { toMatchedPrefix } from './upstream-request.ts'

const answerEmpty = (
  { incoming, parsed, res }: LocalRequest,
  status: number,
  headers: readonly string[],
): void => {
  if (parsed.hasBody) abandonBody(incoming, res)
  writeHead(res, status, [...headers, ...(status === 204 ? [] : ['content-length', '0'])])
  res.end()
}

/** Answers a CORS preflight for the route that the announced request is for. @returns whether. */
const answerPreflight = (context: ProxyContext, request: LocalRequest): boolean => {
  const { parsed } = request
  const method = parsed.header('access-control-request-method')
  if (method === undefined) return false
  const { host, path, query, headers } = parsed
  const announced: RouteRequest = { method, host, path, query, headers }
  const route = context.routes.match(announced)?.value
  if (!route || 'serve' in route) return false
  const answer = route.cors?.preflight(
    parsed.header('origin'),
    method,
    parsed.header('access-control-request-headers'),
  )
  if (!answer) return false
  countResponse(route.stats, 204, 0)
  answerEmpty(request, 204, answer)
  return true
}

const answerRedirect = (route: LinkedRoute, match: CompiledMatch, request: LocalRequest): void => {
  const { scheme, host, port, path, query } = request.parsed
  const redirect = route.redirect?.({
    scheme,
    host,
    port,
    path,
    query: query === '' ? '' : `?${query}`,
    matchedPrefix: toMatchedPrefix(match),
  })
  if (!redirect) return
  countResponse(route.stats, redirect.status, 0)
  const headers = ['location', redirect.location]
  const { editResponse } = route
  answerEmpty(request, redirect.status, editResponse ? editResponse(headers) : headers)
}

/** What is done with each request: read, matched, then redirected or proxied. */
export const createProxy =
  (context: ProxyContext) =>
  (incoming: Incoming, res: Outgoing): void => {
    const parsed = parseRequest(incoming)
    if (!(parsed instanceof ParsedRequest)) {
      answerProblem(res, parsed.code, { detail: parsed.detail, unread: incoming })
      return
    }
    if (parsed.method === 'OPTIONS' && answerPreflight(context, { incoming, parsed, res })) return
    const found = context.routes.match(parsed)
    if (!found) {
      answerProblem(res, 'not-found', parsed.hasBody ? { unread: incoming } : {})
      return
    }
    const { value: route, match } = found
    if ('serve' in route) route.serve({ incoming, parsed, res })
    else if (route.redirect) answerRedirect(route, match, { incoming, parsed, res })
    else {
      const parts = { incoming, parsed, route, match, requestId: randomUUID() }
      new ProxyExchange(context, parts, res).start()
    }
  }
