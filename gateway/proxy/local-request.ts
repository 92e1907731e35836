import type { Incoming, Outgoing } from './http.ts'
import type { ParsedRequest } from './parsed-request.ts'

/** A request that the gateway answers itself. */
export interface LocalRequest {
  readonly incoming: Incoming
  readonly parsed: ParsedRequest
  readonly res: Outgoing
}
