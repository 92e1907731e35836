import { randomUUID } from 'node:crypto'
import type { LinkedRoute } from '../link/linked-route.ts'
import { countResponse } from '../link/route-stats.ts'
import type { RouteMatch } from '../router/candidate.ts'
import type { RouteRequest } from '../router/request-probe.ts'
import { abandonBody } from './connection-end.ts'
import { ProxyExchange } from './exchange.ts'
import { type Incoming, type Outgoing, writeHead } from './http.ts'
import { ParsedRequest, parseRequest } from './parsed-request.ts'
import { answerProblem } from './problem.ts'
import type { ProxyContext } from './proxy-context.ts'
import { toMatchedPrefix } from './upstream-request.ts'

/** A request that the gateway answers itself. */
interface LocalRequest {
  readonly incoming: Incoming
  readonly parsed: ParsedRequest
  readonly res: Outgoing
}

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
  const answer = route?.cors?.preflight(
    parsed.header('origin'),
    method,
    parsed.header('access-control-request-headers'),
  )
  if (!(route && answer)) return false
  countResponse(route.stats, 204, 0)
  answerEmpty(request, 204, answer)
  return true
}

const answerRedirect = (
  { value: route, match }: RouteMatch<LinkedRoute>,
  request: LocalRequest,
): void => {
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
    if (route.redirect) answerRedirect(found, { incoming, parsed, res })
    else {
      const parts = { incoming, parsed, route, match, requestId: randomUUID() }
      new ProxyExchange(context, parts, res).start()
    }
  }
