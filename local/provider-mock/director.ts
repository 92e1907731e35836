import type { IncomingHttpHeaders } from 'node:http'
import type { Plan } from './plan.ts'
import { ProviderError } from './provider-error.ts'
import type { Script } from './script.ts'

const WRONG_CREDENTIAL = 'wrong'

/** Chooses what is played by what a plan cannot know: who asks, and how often it was asked. */
export interface Director {
  choose(plan: Plan, headers: IncomingHttpHeaders): Script
  /** Faults of limited times begin anew. */
  reset(): void
}

export const createDirector = (requireCredential: boolean): Director => {
  const faults = new Map<string, number>()

  const isFaultDue = ({ name, times }: Plan): boolean => {
    if (times === undefined) return true
    const before = faults.get(name) ?? 0
    faults.set(name, before + 1)
    return before < times
  }

  return {
    choose(plan, headers) {
      const refusal = plan.needsCredential && findRefusal(plan, headers, requireCredential)
      if (refusal) return plan.refuse(refusal)
      return isFaultDue(plan) ? plan.script() : plan.soundScript()
    },
    reset: () => faults.clear(),
  }
}

const findRefusal = (
  { dialect, query }: Plan,
  headers: IncomingHttpHeaders,
  requireCredential: boolean,
): ProviderError | undefined => {
  const { read, missing } = dialect.credential
  if (requireCredential) {
    const credential = read(headers, query)
    if (!credential) return new ProviderError(401, missing)
    if (credential === WRONG_CREDENTIAL) return new ProviderError(401)
  }
  const problem = dialect.findHeadProblem?.(headers)
  return problem === undefined ? undefined : new ProviderError(400, problem)
}
