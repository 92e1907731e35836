import type { Address } from '../link/address-book.ts'
import type { UpstreamHandler, UpstreamRequest } from '../upstream/http1/contract.ts'
import { startDeadline } from './deadline-timer.ts'
import type { ProxyContext } from './proxy-context.ts'
import { isReplayable, type RequestBody } from './request-body.ts'
import { type RequestParts, toUpstreamHeaders, toUpstreamPath } from './upstream-request.ts'

/** For a mirror of a route without a request timeout. */
const MAX_MS = 60_000

const nothing = (): void => undefined
/** A mirror's answer is read to its end, so that its connection can be used again, and dropped. */
const dropAll = (onEnd: () => void): UpstreamHandler => ({
  onHead: nothing,
  onData: nothing,
  onEnd,
  onError: onEnd,
})

/** Nobody waits for a mirror, so nobody else would end an exchange that does not end. */
const sendCopy = (
  { client, deadlines }: ProxyContext,
  target: Address['target'],
  request: UpstreamRequest,
  timeoutMs: number,
): void => {
  const cancel = startDeadline(deadlines, timeoutMs, () => exchange.abort())
  const exchange = client.send(target, request, dropAll(cancel))
}

/** Sends copies to the mirrors that are due. A body too large to be held is not copied. */
export const mirrorRequest = (
  context: ProxyContext,
  parts: RequestParts,
  body: RequestBody,
): void => {
  if (!isReplayable(body)) return
  for (const { address, isSampled } of parts.route.mirrors) {
    if (!isSampled()) continue
    const headers = toUpstreamHeaders(parts, address, context.buildHeaders)
    const path = toUpstreamPath(parts)
    const request = { method: parts.parsed.method, path, headers, body }
    sendCopy(context, address.target, request, parts.route.timeouts.requestMs || MAX_MS)
  }
}
