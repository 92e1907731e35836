import type { TryRecord } from '../ai/call-record.ts'
import type { Operation } from '../ai/surface.ts'
import type { ModelFragment } from '../link/linked-model.ts'
import { OUTCOMES, type Outcome } from '../link/model-stats.ts'
import { toModelAttributes } from './gen-ai.ts'
import { type Add, INSTRUMENTS, type Meter } from './instruments.ts'

/** The series of one model and operation, found once: a call costs no lookup by labels. */
export interface ModelSeries {
  tried(attempt: TryRecord): void
  /** A stream that succeeded. @param firstMs until its first event */
  streamed(attempt: TryRecord, firstMs: number): void
}

const toSeconds = (ms: number): number => ms / 1000

/** Creates what makes the series of a model. */
export const createModelInstruments = (meter: Meter) => {
  const duration = meter.create(INSTRUMENTS.tryDuration)
  const tokens = meter.create(INSTRUMENTS.tokens)
  const firstToken = meter.create(INSTRUMENTS.firstToken)
  const outputToken = meter.create(INSTRUMENTS.outputToken)
  const tries = meter.create(INSTRUMENTS.tries)

  return (fragment: ModelFragment, operation: Operation): ModelSeries => {
    const { namespace, name: model } = fragment
    const request = toModelAttributes(fragment, operation)
    const input = tokens({ ...request, 'gen_ai.token.type': 'input' })
    const output = tokens({ ...request, 'gen_ai.token.type': 'output' })
    const first = firstToken(request)
    const each = outputToken(request)
    const toEnd = (outcome: Outcome): { duration: Add; count: Add } => ({
      duration: duration(outcome === 'ok' ? request : { ...request, 'error.type': outcome }),
      count: tries({ namespace, model, outcome }),
    })
    const ends = new Map(OUTCOMES.map((outcome) => [outcome, toEnd(outcome)]))
    return {
      tried({ outcome, durationMs, usage }) {
        const end = ends.get(outcome)
        end?.duration(toSeconds(durationMs))
        end?.count(1)
        if (usage && usage.inputTokens > 0) input(usage.inputTokens)
        if (usage && usage.outputTokens > 0) output(usage.outputTokens)
      },
      streamed({ durationMs, usage }, firstMs) {
        first(toSeconds(firstMs))
        const after = (usage?.outputTokens ?? 0) - 1
        if (after > 0) each(toSeconds(durationMs - firstMs) / after)
      },
    }
  }
}
