import type { Compiled, Problem, Served, Verdict } from '#config/compiled/events.ts'
import type { Condition } from '#config/kinds/common.ts'
import type { KubeObject } from '#lib/kube/types.ts'

/** An object whose status this function writes. */
export interface StatusObject extends KubeObject {
  status?: { observedGeneration?: number; conditions?: Condition[] }
}

/** All that is known of one object. */
export interface Knowledge {
  /** The compile function's word, if it was heard. */
  readonly compiled?: Compiled | undefined
  /** What each ready gateway replica serves of it. */
  readonly replicas: readonly (Served | undefined)[]
}

const MAX_MESSAGE = 4096

const is =
  (type: Verdict['type']) =>
  (status: Verdict['status'], reason: string, message = ''): Verdict => ({
    type,
    status,
    reason,
    message: message.slice(0, MAX_MESSAGE),
  })

const accepted = is('Accepted')
const resolvedRefs = is('ResolvedRefs')
const programmed = is('Programmed')

/** A condition that already speaks of this generation, as a verdict. */
const standing = (object: StatusObject, type: Verdict['type']): Verdict | undefined => {
  const found = object.status?.conditions?.find((condition) => condition.type === type)
  if (!found || found.observedGeneration !== object.metadata.generation) return undefined
  return { type, status: found.status, reason: found.reason, message: found.message }
}

const isServing =
  ({ metadata }: StatusObject) =>
  (served: Served | undefined): boolean =>
    served !== undefined &&
    served.uid === metadata.uid &&
    served.generation >= (metadata.generation ?? 0)

const toAccepted = (object: StatusObject, { compiled, replicas }: Knowledge): Verdict => {
  const { uid, generation } = object.metadata
  const speaksOfIt = compiled?.version.uid === uid && compiled?.version.generation === generation
  if (compiled && speaksOfIt) return compiled.verdict
  if (replicas.some(isServing(object))) return accepted('True', 'Accepted')
  return standing(object, 'Accepted') ?? accepted('Unknown', 'Pending', 'not compiled yet')
}

const toResolvedRefs = (object: StatusObject, { replicas }: Knowledge, valid: boolean): Verdict => {
  if (!valid) return resolvedRefs('Unknown', 'Invalid', 'the object is not accepted')
  const serving = replicas.filter(isServing(object))
  if (serving.length === 0) {
    return standing(object, 'ResolvedRefs') ?? resolvedRefs('Unknown', 'Pending', 'not linked yet')
  }
  const problems = new Map<string, Problem>()
  for (const served of serving) {
    for (const problem of served?.problems ?? []) problems.set(problem.message, problem)
  }
  const [first] = problems.values()
  if (!first) return resolvedRefs('True', 'ResolvedRefs')
  return resolvedRefs('False', first.reason, [...problems.keys()].sort().join('; '))
}

const toProgrammed = (object: StatusObject, knowledge: Knowledge, valid: boolean): Verdict => {
  const before = standing(object, 'Programmed')
  if (!valid) {
    if (knowledge.compiled === undefined && before) return before
    const last = knowledge.compiled?.servedGeneration
    const message = last === undefined ? 'nothing is served' : `generation ${last} is still served`
    return programmed('False', 'Invalid', message)
  }
  // A replica never goes back, and a new one is ready only with all it has to serve.
  if (before?.status === 'True') return before
  if (knowledge.replicas.length === 0) {
    return programmed('False', 'NoReplicas', 'no gateway replica is ready')
  }
  if (knowledge.replicas.every(isServing(object))) return programmed('True', 'Programmed')
  return programmed('False', 'Pending', 'not every ready gateway replica serves it yet')
}

/** The three conditions of an object, from what is known of it. */
export const toVerdicts = (object: StatusObject, knowledge: Knowledge): Verdict[] => {
  const first = toAccepted(object, knowledge)
  const valid = first.status !== 'False'
  return [first, toResolvedRefs(object, knowledge, valid), toProgrammed(object, knowledge, valid)]
}

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
