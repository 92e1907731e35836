import { createKindTable, type KindTable } from './kind-table.ts'
import { type LinkedPolicy, linkPolicy, type PolicyFragment } from './linked-policy.ts'
import type { ModelScope } from './model-ref.ts'

/** The routing policies that are served. */
export type PolicyTable = KindTable<PolicyFragment, LinkedPolicy>

export const createPolicyTable = (scope: Omit<ModelScope, 'namespace'>): PolicyTable =>
  createKindTable<PolicyFragment, LinkedPolicy>({ link: (fragment) => linkPolicy(fragment, scope) })
