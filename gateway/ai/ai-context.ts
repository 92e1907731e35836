import type { Log } from '#lib/telemetry/log.ts'
import type { ModelTable } from '../link/model-table.ts'
import type { ConsumerDirectory } from '../policies/api-key/consumer-directory.ts'
import type { UpstreamClient } from '../upstream/http1/client.ts'
import type { Deadlines } from '../upstream/http1/deadlines.ts'
import type { ByteBudget } from './byte-budget.ts'

/** What every call of a model shares. */
export interface AiContext {
  readonly client: UpstreamClient
  readonly deadlines: Deadlines
  readonly models: Pick<ModelTable, 'get' | 'values'>
  readonly consumers: Pick<ConsumerDirectory, 'find'>
  /** Namespace whose models every consumer may name. */
  readonly sharedNamespace: string
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number
  /** For the bodies of all calls together. */
  readonly budget: ByteBudget
  readonly log: Log
}
