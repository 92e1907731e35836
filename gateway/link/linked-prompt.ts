import type { Problem } from '#config/compiled/events.ts'
import { type FragmentOf, toKeyString } from '#config/compiled/fragment.ts'
import type { Linked } from './kind-table.ts'
import type { ModelTable } from './model-table.ts'
import type { PolicyTable } from './policy-table.ts'

export type PromptFragment = FragmentOf<'PromptTemplate'>

/** Where what a prompt may ask is. */
export interface PromptScope {
  readonly models: Pick<ModelTable, 'get'>
  readonly policies: Pick<PolicyTable, 'get'>
  /** Whose models are for everyone. */
  readonly sharedNamespace: string
}

export type LinkedPrompt = Linked<PromptFragment>

const KINDS = ['LLMRoutingPolicy', 'AIModelConfig']

/** Keys under which what a version calls its model may be, the first one first. */
const toKeys = (namespaces: readonly string[], model: string): string[] => {
  const [name = ''] = model.split('@')
  return namespaces.flatMap((namespace) =>
    KINDS.map((kind) => toKeyString({ kind, namespace, name })),
  )
}

/** Prepares a fragment for serving. */
export const linkPrompt = (fragment: PromptFragment, scope: PromptScope): LinkedPrompt => {
  const { models, policies, sharedNamespace } = scope
  const namespaces = [...new Set([fragment.namespace, sharedNamespace])]
  const named = [...new Set(fragment.spec.versions.map(({ model }) => model))]
  const isThere = (key: string): boolean => Boolean(policies.get(key) ?? models.get(key))
  const problems = named
    .filter((model) => !toKeys(namespaces, model).some(isThere))
    .map((model): Problem => ({ reason: 'ModelNotFound', message: `model ${model} not found` }))
  return {
    fragment,
    problems,
    refs: [...new Set(named.flatMap((model) => toKeys(namespaces, model)))],
  }
}
