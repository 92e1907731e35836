import { randomUUID } from 'node:crypto'
import type { LinkedRoute } from '../link/linked-route.ts'
import { countResponse } from '../link/route-stats.ts'
import type { RouteMatch } from '../router/candidate.ts'
import type { RouteRequest } from '../router/request-probe.ts'
import { ProxyExchange } from './exchange.ts'
import { type Incoming, type Outgoing, writeHead } from './http.ts'
import { type ParsedRequest, parseRequest } from './parsed-request.ts'
import { answerProblem } from './problem.ts'
import type { ProxyContext } from './proxy-context.ts'
import { toMatchedPrefix } from './upstream-request.ts'

const answerEmpty = (res: Outgoing, status: number, headers: readonly string[]): void => {
  writeHead(res, status, [...headers, ...(status === 204 ? [] : ['content-length', '0'])])
  res.end()
}

/** Answers a CORS preflight for the route that the announced request is for. @returns whether. */
const answerPreflight = (context: ProxyContext, request: ParsedRequest, res: Outgoing): boolean => {
  const method = request.header('access-control-request-method')
  if (method === undefined) return false
  const { host, path, query, headers } = request
  const announced: RouteRequest = { method, host, path, query, headers }
  const route = context.routes.match(announced)?.value
  const answer = route?.cors?.preflight(
    request.header('origin'),
    method,
    request.header('access-control-request-headers'),
  )
  if (!(route && answer)) return false
  countResponse(route.stats, 204, 0)
  answerEmpty(res, 204, answer)
  return true
}

const answerRedirect = (
  { value: route, match }: RouteMatch<LinkedRoute>,
  request: ParsedRequest,
  res: Outgoing,
): void => {
  const { scheme, host, port, path, query } = request
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
  answerEmpty(res, redirect.status, route.editResponse ? route.editResponse(headers) : headers)
}

/** What is done with each request: read, matched, then redirected or proxied. */
export const createProxy =
  (context: ProxyContext) =>
  (incoming: Incoming, res: Outgoing): void => {
    const parsed = parseRequest(incoming)
    if (typeof parsed === 'string') {
      answerProblem(res, 'bad-request', { detail: parsed, close: true })
      return
    }
    if (parsed.method === 'OPTIONS' && answerPreflight(context, parsed, res)) return
    const found = context.routes.match(parsed)
    if (!found) {
      answerProblem(res, 'not-found', { detail: 'no route matches', close: !incoming.complete })
      return
    }
    const { value: route, match } = found
    if (route.redirect) answerRedirect(found, parsed, res)
    else {
      const parts = { incoming, parsed, route, match, requestId: randomUUID() }
      new ProxyExchange(context, parts, res).start()
    }
  }
