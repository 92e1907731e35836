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
    // Half a character would be stored as another one, and differ for ever.
    message: message.slice(0, MAX_MESSAGE).toWellFormed(),
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

/** Why a replica goes on serving an older generation, as it says itself. */
const STUCK: ReadonlySet<string> = new Set(['NotLinked', 'NotRead'])

const findStuck = (object: StatusObject, { replicas }: Knowledge): Problem | undefined =>
  replicas
    .filter((served) => served?.uid === object.metadata.uid && !isServing(object)(served))
    .flatMap((served) => served?.problems ?? [])
    .find(({ reason }) => STUCK.has(reason))

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
  const stuck = findStuck(object, knowledge)
  if (stuck) return programmed('False', stuck.reason, stuck.message)
  return programmed('False', 'Pending', 'not every ready gateway replica serves it yet')
}

/** The three conditions of an object, from what is known of it. */
export const toVerdicts = (object: StatusObject, knowledge: Knowledge): Verdict[] => {
  const first = toAccepted(object, knowledge)
  const valid = first.status !== 'False'
  return [first, toResolvedRefs(object, knowledge, valid), toProgrammed(object, knowledge, valid)]
}
