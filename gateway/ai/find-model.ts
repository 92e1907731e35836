import { toKeyString } from '#config/compiled/fragment.ts'
import type { LinkedModel } from '../link/linked-model.ts'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { AiContext } from './ai-context.ts'

const KIND = 'AIModelConfig'
const NAME = /^(?:([^/@]+)\/)?([^/@]+)(?:@([^/@]+))?$/

/** Namespaces whose models a consumer may name, the first one first. */
const toNamespaces = ({ sharedNamespace }: AiContext, { tenant }: Consumer): string[] =>
  tenant === undefined || tenant === sharedNamespace ? [sharedNamespace] : [tenant, sharedNamespace]

/**
 * The model that a consumer means by `NAME` or `NAMESPACE/NAME`, either with `@VERSION`.
 * @returns undefined when there is none, or none that is for this consumer: which, nobody is told
 */
export const findModel = (
  context: AiContext,
  consumer: Consumer,
  text: string,
): LinkedModel | undefined => {
  const match = NAME.exec(text)
  if (!match) return undefined
  const [, namespace, name = '', version] = match
  const allowed = toNamespaces(context, consumer)
  for (const candidate of allowed) {
    if (namespace !== undefined && namespace !== candidate) continue
    const model = context.models.get(toKeyString({ kind: KIND, namespace: candidate, name }))
    if (!model) continue
    return version === undefined || version === model.fragment.spec.version ? model : undefined
  }
  return undefined
}

/** The models that a consumer may name, each as it would name it. */
export const listModels = (
  context: AiContext,
  consumer: Consumer,
): { id: string; model: LinkedModel }[] => {
  const byId = new Map<string, LinkedModel>()
  for (const namespace of toNamespaces(context, consumer)) {
    for (const model of context.models.values()) {
      const { fragment } = model
      if (fragment.namespace === namespace && !byId.has(fragment.name)) {
        byId.set(fragment.name, model)
      }
    }
  }
  return Array.from(byId, ([id, model]) => ({ id, model }))
}
