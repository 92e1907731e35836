import type { RouteTable } from '../link/route-table.ts'
import type { createRequestHeaders } from '../policies/forward/forward-headers.ts'
import type { UpstreamClient } from '../upstream/http1/client.ts'
import type { Deadlines } from '../upstream/http1/deadlines.ts'

/** What every request shares. */
export interface ProxyContext {
  readonly routes: Pick<RouteTable, 'match'>
  readonly client: UpstreamClient
  /** Timers of requests and tries. */
  readonly deadlines: Deadlines
  readonly buildHeaders: ReturnType<typeof createRequestHeaders>
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number
}
