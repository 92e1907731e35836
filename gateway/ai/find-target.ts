import { toKeyString } from '#config/compiled/fragment.ts'
import type { LinkedModel } from '../link/linked-model.ts'
import type { LinkedPolicy } from '../link/linked-policy.ts'
import type { LinkedPrompt } from '../link/linked-prompt.ts'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { AiContext } from './ai-context.ts'
import { PROMPT } from './chat/prompt-name.ts'
import { findNamed } from './find-named.ts'
import { chooseVersion } from './prompts/choose-version.ts'
import { toPromptTarget } from './prompts/prompt-target.ts'
import type { Target } from './target.ts'

const NAME = /^(?:([^/@]+)\/)?([^/@]+)(?:@([^/@]+))?$/

/** Namespaces whose models a consumer may name, the first one first. */
const toNamespaces = (
  { sharedNamespace }: AiContext,
  { tenant = sharedNamespace }: Consumer,
): string[] => [...new Set([tenant, sharedNamespace])]

/** Whether what is in a namespace is for a consumer. */
export const isFor = (context: AiContext, consumer: Consumer, namespace: string): boolean =>
  toNamespaces(context, consumer).includes(namespace)

const findPrompt = (
  context: AiContext,
  namespaces: readonly string[],
  { name, version }: { name: string; version: string | undefined },
): Target | undefined => {
  for (const namespace of namespaces) {
    const key = toKeyString({ kind: 'PromptTemplate', namespace, name })
    const prompt = context.prompts.get(key)
    if (!prompt) continue
    const chosen = chooseVersion(prompt.fragment.spec, version, context.choice.random())
    return chosen && toPromptTarget(context, prompt, chosen)
  }
  return undefined
}

/**
 * What a consumer means by `NAME`, `NAMESPACE/NAME`, either with `@VERSION`, or by the same after
 * `prompt/`.
 *
 * @returns undefined when there is none, or none that is for this consumer: which, nobody is told
 */
export const findTarget = (
  context: AiContext,
  consumer: Consumer,
  text: string,
): Target | undefined => {
  const isPrompt = text.startsWith(PROMPT)
  const match = NAME.exec(isPrompt ? text.slice(PROMPT.length) : text)
  if (!match) return undefined
  const [, namespace, name = '', version] = match
  const allowed = toNamespaces(context, consumer).filter(
    (candidate) => namespace === undefined || namespace === candidate,
  )
  const find = isPrompt ? findPrompt : findNamed
  return find(context, allowed, { name, version })
}

/** What a caller may name as a model. */
type Named = LinkedModel | LinkedPolicy | LinkedPrompt

/** The names that a consumer may use for a model, each as it would write it. */
export const listTargets = (
  context: AiContext,
  consumer: Consumer,
): { id: string; named: Named }[] => {
  const { policies, models, prompts } = context
  const byId = new Map<string, Named>()
  const all: (readonly [prefix: string, named: Named])[] = [
    ...Array.from(policies.values(), (policy) => ['', policy] as const),
    ...Array.from(models.values(), (model) => ['', model] as const),
    ...Array.from(prompts.values(), (prompt) => [PROMPT, prompt] as const),
  ]
  for (const namespace of toNamespaces(context, consumer)) {
    for (const [prefix, named] of all) {
      const id = prefix + named.fragment.name
      if (named.fragment.namespace === namespace && !byId.has(id)) byId.set(id, named)
    }
  }
  return Array.from(byId, ([id, named]) => ({ id, named }))
}
