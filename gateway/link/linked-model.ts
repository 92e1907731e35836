import type { Problem } from '#config/compiled/events.ts'
import type { FragmentOf } from '#config/compiled/fragment.ts'
import { type Address, toUrlAddress } from './address-book.ts'
import type { Linked } from './kind-table.ts'
import { createModelStats, type ModelStats } from './model-stats.ts'
import { type SecretBook, type SecretEntry, toSecretKey, toSecretsKey } from './secret-book.ts'

export type ModelFragment = FragmentOf<'AIModelConfig'>

/** A model with everything prepared that a call needs. */
export interface LinkedModel extends Linked<ModelFragment>, Required<Address> {
  readonly stats: ModelStats
  /**
   * The header that shows the credential, as name and value; empty where none is needed.
   * @returns undefined when the credential is missing, or could not be sent
   */
  authorize(): readonly string[] | undefined
}

/** RFC 9110 §5.5, without obs-text: a value with a line break would end the header. */
const HEADER_VALUE = /^[\x20-\x7e]+$/

/** @param before what was served under this key, whose counters live on */
export const linkModel = (
  fragment: ModelFragment,
  secrets: Pick<SecretBook, 'read' | 'findProblem'>,
  before: LinkedModel | undefined,
): LinkedModel => {
  const { namespace, spec } = fragment
  const { credential, endpoint } = spec
  const entry: SecretEntry | undefined = credential && {
    namespace,
    name: credential.secret,
    key: credential.key,
  }
  /** @returns undefined for what could not be sent, too */
  const readCredential = (): string | undefined => {
    const value = entry && secrets.read(entry)
    return value && HEADER_VALUE.test(value) ? value : undefined
  }
  const findProblem = (): Problem | undefined => {
    const problem = entry && secrets.findProblem(entry)
    if (problem || !entry || readCredential()) return problem
    const message = `entry ${entry.key} of Secret ${entry.name} is empty or no header could carry it`
    return { reason: 'InvalidCredential', message }
  }
  const problem = findProblem()
  return {
    fragment,
    problems: problem ? [problem] : [],
    refs: entry ? [toSecretKey(namespace, entry.name), toSecretsKey(namespace)] : [],
    ...toUrlAddress(endpoint),
    stats: before?.stats ?? createModelStats(),
    authorize() {
      if (!credential) return []
      const value = readCredential()
      return value === undefined ? undefined : [credential.header, credential.prefix + value]
    },
  }
}
