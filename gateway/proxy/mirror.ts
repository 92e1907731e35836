import type { UpstreamHandler } from '../upstream/http1/contract.ts'
import type { ProxyContext } from './proxy-context.ts'
import { isReplayable, type RequestBody } from './request-body.ts'
import { type RequestParts, toUpstreamHeaders, toUpstreamPath } from './upstream-request.ts'

const nothing = (): void => undefined
/** A mirror's answer is read to its end, so that its connection can be used again, and dropped. */
const dropAll: UpstreamHandler = {
  onHead: nothing,
  onData: nothing,
  onEnd: nothing,
  onError: nothing,
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
    context.client.send(
      address.target,
      { method: parts.parsed.method, path, headers, body },
      dropAll,
    )
  }
}
