import type { LinkedModel } from '../link/linked-model.ts'
import type { RequestTimeouts, UpstreamRequest } from '../upstream/http1/contract.ts'
import { AiProblem } from './ai-problem.ts'
import { authorize } from './authorize.ts'
import type { Call } from './call.ts'
import { toProviderHeaders } from './call-headers.ts'
import type { PreparedCall } from './prepared-call.ts'

/** A call as it is sent to its provider. */
export interface UpstreamCall {
  readonly request: UpstreamRequest
  readonly timeouts: RequestTimeouts
}

/** @returns why it cannot be sent */
export const toUpstreamCall = (
  call: Call,
  model: LinkedModel,
  { body, headers, path: below, streamType }: PreparedCall,
): UpstreamCall | AiProblem => {
  const { endpoint, timeouts } = model.fragment.spec
  const path = endpoint.basePath + below
  const credential = authorize(model, { path, body })
  if (!credential) {
    return new AiProblem('credential_missing', 'The credential of this model is missing.')
  }
  const common = toProviderHeaders(call, model.host, streamType)
  return {
    request: { method: 'POST', path, headers: [...common, ...headers, ...credential], body },
    // What is not streamed comes as a whole, however long that takes to make.
    timeouts: { headerTimeoutMs: 0, idleTimeoutMs: call.isStreamed ? timeouts.streamIdleMs : 0 },
  }
}
