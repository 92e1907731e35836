import type { Log } from '#lib/telemetry/log.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { PriceBook } from '../limits/price-book.ts'
import type { ModelTable } from '../link/model-table.ts'
import type { PolicyTable } from '../link/policy-table.ts'
import type { PromptTable } from '../link/prompt-table.ts'
import type { ConsumerDirectory } from '../policies/api-key/consumer-directory.ts'
import type { UpstreamClient } from '../upstream/http1/client.ts'
import type { Deadlines } from '../upstream/http1/deadlines.ts'
import type { ByteBudget } from './byte-budget.ts'
import type { AnswerStore } from './cache/answer-store.ts'
import type { CallObserver } from './call-record.ts'
import type { ChoiceContext } from './routing/choose-models.ts'

/** What every call of a model shares. */
export interface AiContext {
  readonly client: UpstreamClient
  readonly deadlines: Deadlines
  readonly models: Pick<ModelTable, 'get' | 'values'>
  readonly policies: Pick<PolicyTable, 'get' | 'values'>
  readonly prompts: Pick<PromptTable, 'get' | 'values'>
  /** What the choice among the models of a policy depends on. */
  readonly choice: ChoiceContext
  readonly consumers: Pick<ConsumerDirectory, 'find'>
  /** Namespace whose models every consumer may name. */
  readonly sharedNamespace: string
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number
  /** For the bodies of all calls together. */
  readonly budget: ByteBudget
  readonly prices: PriceBook
  readonly limiter: Limiter
  /** What caches keep. */
  readonly answers: AnswerStore
  /** Each is told of every call that is over. */
  readonly observers: readonly CallObserver[]
  readonly log: Log
}
