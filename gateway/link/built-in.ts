import type { LocalRequest } from '../proxy/local-request.ts'

/** An endpoint of the gateway's own, found among the routes by the same precedence. */
export interface BuiltIn {
  readonly serve: (request: LocalRequest) => void
}
