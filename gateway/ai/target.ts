import type { CompiledRetry } from '#config/compiled/ai-model.ts'
import type { LinkedModel } from '../link/linked-model.ts'
import type { AiProblem } from './ai-problem.ts'
import type { Call } from './call.ts'
import type { Gate } from './gates/gate.ts'

/** What a caller means by the name of a model. */
export interface Target {
  /** `NAMESPACE/NAME`, as the gateway calls it. */
  readonly label: string
  readonly retry: CompiledRetry
  /** For all tries together; 0 is no limit. */
  readonly requestMs: number
  /** @returns the models to try, in order, or why there is none */
  choose(call: Call): readonly LinkedModel[] | AiProblem
  /** What stands between the caller and the models, the outermost first. */
  readonly gates?: readonly Gate[]
}
