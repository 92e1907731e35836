import { toKeyString } from '#config/compiled/fragment.ts'
import type { CompiledModelRef } from '#config/compiled/routing-policy.ts'
import type { LinkedModel } from './linked-model.ts'
import type { ModelTable } from './model-table.ts'

/** Where the models are that an object may name. */
export interface ModelScope {
  readonly models: Pick<ModelTable, 'get'>
  /** Of the object; its models come first. */
  readonly namespace: string
  /** Whose models are for everyone. */
  readonly sharedNamespace: string
}

/** Keys under which a model of that name may be, the first one first. */
export const toModelKeys = (
  { namespace, sharedNamespace }: Omit<ModelScope, 'models'>,
  name: string,
): string[] =>
  [...new Set([namespace, sharedNamespace])].map((candidate) =>
    toKeyString({ kind: 'AIModelConfig', namespace: candidate, name }),
  )

/** @returns undefined when there is none, or when the one there is has another version */
export const findModel = (
  scope: ModelScope,
  { name, version }: CompiledModelRef,
): LinkedModel | undefined => {
  for (const key of toModelKeys(scope, name)) {
    const model = scope.models.get(key)
    if (!model) continue
    return version === undefined || version === model.fragment.spec.version ? model : undefined
  }
  return undefined
}
