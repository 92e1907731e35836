import type { FragmentOf } from '#config/compiled/fragment.ts'
import { type Address, toUrlAddress } from './address-book.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import type { Linked } from './kind-table.ts'
import { type Credential, createCredentialReader } from './model-credential.ts'
import { createModelSpeed, type ModelSpeed } from './model-speed.ts'
import { createModelStats, type ModelStats } from './model-stats.ts'
import { type SecretBook, toSecretKey, toSecretsKey } from './secret-book.ts'

export type ModelFragment = FragmentOf<'AIModelConfig'>

/** A model with everything prepared that a call needs. */
export interface LinkedModel extends Linked<ModelFragment>, Required<Address> {
  readonly stats: ModelStats
  readonly breaker: Breaker
  readonly speed: ModelSpeed
  /** Whether its provider wants to know who calls. */
  readonly needsCredential: boolean
  /** @returns undefined when there is none, or none that could be sent */
  readCredential(): Credential | undefined
}

const isSameBreaker = (before: LinkedModel | undefined, { spec }: ModelFragment): boolean =>
  JSON.stringify(before?.fragment.spec.breaker) === JSON.stringify(spec.breaker) &&
  JSON.stringify(before?.fragment.spec.endpoint) === JSON.stringify(spec.endpoint) &&
  JSON.stringify(before?.fragment.spec.credential) === JSON.stringify(spec.credential)

/** @param before what was served under this key, whose counters live on */
export const linkModel = (
  fragment: ModelFragment,
  secrets: Pick<SecretBook, 'read' | 'findProblem'>,
  before: LinkedModel | undefined,
): LinkedModel => {
  const { namespace, spec } = fragment
  const { credential, endpoint } = spec
  const reader = credential && createCredentialReader(namespace, credential, secrets)
  const problem = reader?.findProblem()
  const isKept = isSameBreaker(before, fragment)
  return {
    fragment,
    problems: problem ? [problem] : [],
    refs: credential ? [toSecretKey(namespace, credential.secret), toSecretsKey(namespace)] : [],
    ...toUrlAddress(endpoint),
    stats: before?.stats ?? createModelStats(),
    speed: before?.speed ?? createModelSpeed(),
    breaker: (isKept ? before?.breaker : undefined) ?? createBreaker(spec.breaker),
    needsCredential: credential !== undefined,
    readCredential: () => reader?.read(),
  }
}
