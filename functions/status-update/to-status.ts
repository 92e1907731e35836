import type { Verdict } from '#config/compiled/events.ts'
import type { Condition } from '#config/kinds/common.ts'
import type { StatusObject } from './conditions.ts'

const isSame = (condition: Condition | undefined, verdict: Verdict, generation: number): boolean =>
  condition?.status === verdict.status &&
  condition.reason === verdict.reason &&
  condition.message === verdict.message &&
  condition.observedGeneration === generation

/**
 * The status to write.
 * @returns undefined when what is there says the same, or speaks of a higher generation.
 */
export const toStatus = (
  object: StatusObject,
  verdicts: readonly Verdict[],
  now: string,
): { observedGeneration: number; conditions: Condition[] } | undefined => {
  const { generation = 0 } = object.metadata
  if ((object.status?.observedGeneration ?? 0) > generation) return undefined
  const before = new Map((object.status?.conditions ?? []).map((entry) => [entry.type, entry]))
  const changed = verdicts.some((verdict) => !isSame(before.get(verdict.type), verdict, generation))
  if (!changed) return undefined
  const conditions = verdicts.map((verdict) => {
    const last = before.get(verdict.type)
    const lastTransitionTime = last?.status === verdict.status ? last.lastTransitionTime : now
    return { ...verdict, observedGeneration: generation, lastTransitionTime }
  })
  return { observedGeneration: generation, conditions }
}
