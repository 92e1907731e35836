import type { CompiledLimit } from '#config/compiled/limit.ts'
import type { LinkedModel } from '../../link/linked-model.ts'
import type { AiContext } from '../ai-context.ts'
import { AiProblem } from '../ai-problem.ts'
import {
  admitCall,
  findCost,
  type Reservation,
  toCounterName,
  toExpectedUsage,
} from './admit-call.ts'
import type { Gate } from './gate.ts'

const toMaxTokens = (models: readonly LinkedModel[]): number | undefined => {
  const limits = models.map(({ fragment }) => fragment.spec.maxTokens)
  return limits.includes(undefined) ? undefined : Math.max(...limits.map((limit) => limit ?? 0))
}

/**
 * The limits of a name behind which there are several models.
 * @param models those that may answer: the dearest counts until it is known which one did
 */
export const createLimitGate = (
  context: AiContext,
  limits: readonly CompiledLimit[],
  models: readonly LinkedModel[],
): Gate => ({
  open(call) {
    let reservation: Reservation | undefined
    return {
      async enter() {
        const usage = toExpectedUsage(call, toMaxTokens(models))
        const costs = models.map(({ fragment: { spec } }) => findCost(context, spec, usage) ?? 0)
        const cost = Math.max(0, ...costs)
        const admitted = await admitCall(context, { limits, consumer: call.consumer, usage, cost })
        if (admitted instanceof AiProblem) return admitted
        reservation = admitted
        for (const limit of limits) call.claimed.add(toCounterName(limit))
        return undefined
      },
      // A call that was let in counts as a request, whatever became of it.
      settle: ({ usage, cost }) => reservation?.settle({ wasSent: true, usage, cost }),
    }
  },
})
