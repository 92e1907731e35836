import type { CompiledLimit } from '#config/compiled/limit.ts'
import type { LinkedModel } from '../../link/linked-model.ts'
import type { AiContext } from '../ai-context.ts'
import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import { admitCall, findCost, type Reservation, toExpectedUsage } from './admit-call.ts'
import type { Gate } from './gate.ts'

const NO_USAGE = { inputTokens: 0, outputTokens: 0 }

/**
 * The limits of a name behind which there are several models.
 * @param models those that may answer: the dearest counts until it is known which one did
 */
export const createLimitGate = (
  context: AiContext,
  limits: readonly CompiledLimit[],
  models: (call: Call) => readonly LinkedModel[],
): Gate => ({
  open(call) {
    let reservation: Reservation | undefined
    return {
      async enter() {
        const usage = toExpectedUsage(call, undefined)
        const costs = models(call).map(
          ({ fragment: { spec } }) => findCost(context, spec, usage) ?? 0,
        )
        const cost = Math.max(0, ...costs)
        const admitted = await admitCall(context, { limits, consumer: call.consumer, usage, cost })
        if (admitted instanceof AiProblem) return admitted
        reservation = admitted
        return undefined
      },
      // A call that was let in counts as a request, whatever became of it.
      settle: ({ usage, cost }) => reservation?.settle(usage ?? NO_USAGE, cost),
    }
  },
})
