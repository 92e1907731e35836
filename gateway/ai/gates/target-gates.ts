import { z } from 'zod'
import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { LinkedModel } from '../../link/linked-model.ts'
import type { LinkedPolicy } from '../../link/linked-policy.ts'
import { findModel } from '../../link/model-ref.ts'
import type { AiContext } from '../ai-context.ts'
import { askModel } from '../ask-model.ts'
import { createCacheGate } from '../cache/cache-gate.ts'
import type { Call } from '../call.ts'
import { createJudge } from '../create-judge.ts'
import { createGuard } from '../guardrails/guard.ts'
import type { Gate } from './gate.ts'
import { createGuardGate } from './guard-gate.ts'
import { createLimitGate } from './limit-gate.ts'

/** Patterns are compiled once: guardrails live as long as the fragment that they stand in. */
const guardGates = new WeakMap<readonly CompiledGuardrail[], Gate>()

const toGuardGates = (
  context: AiContext,
  { fragment: { namespace, spec } }: LinkedModel | LinkedPolicy,
): Gate[] => {
  const { guardrails } = spec
  if (guardrails.length === 0) return []
  const known = guardGates.get(guardrails)
  if (known) return [known]
  const guard = createGuard(guardrails, { judge: createJudge(context, namespace) })
  const gate = createGuardGate(guardrails, guard)
  guardGates.set(guardrails, gate)
  return [gate]
}

const EMBEDDING_TIMEOUT_MS = 2000

const embeddings = z.object({ data: z.array(z.object({ embedding: z.array(z.number()) })).min(1) })

const createEmbed =
  (context: AiContext, namespace: string, name: string) =>
  async (_call: Call, text: string): Promise<readonly number[] | undefined> => {
    const { models, sharedNamespace } = context
    const model = findModel({ models, namespace, sharedNamespace }, { name })
    if (!model) return undefined
    const values = { input: text }
    const question = { values, operation: 'embeddings', timeoutMs: EMBEDDING_TIMEOUT_MS } as const
    const { body } = await askModel(context, model, question)
    return embeddings.parse(JSON.parse(body.toString())).data[0]?.embedding
  }

/** Innermost: what is kept has passed the guardrails, and passes them again when it is used. */
const toCacheGates = (context: AiContext, { fragment }: LinkedModel | LinkedPolicy): Gate[] => {
  const { kind, namespace, name, uid, hash, spec } = fragment
  const { cache } = spec
  if (!cache) return []
  // What another form of the object has answered is not its answer.
  const label = [kind, namespace, name, uid, hash].join('/')
  const embed = cache.semantic && createEmbed(context, namespace, cache.semantic.model)
  return [createCacheGate({ rule: cache, label, store: context.answers, ...(embed && { embed }) })]
}

/** What a call of a model has to pass; its limits count when it is tried. */
export const toModelGates = (context: AiContext, model: LinkedModel): Gate[] => [
  ...toGuardGates(context, model),
  ...toCacheGates(context, model),
]

/**
 * What a call of a policy has to pass: its own guardrails, and those of every model that may
 * answer, for which one will is not known yet.
 */
export const toPolicyGates = (
  context: AiContext,
  policy: LinkedPolicy,
  models: readonly LinkedModel[],
): Gate[] => {
  const { limits } = policy.fragment.spec
  return [
    ...(limits.length > 0 ? [createLimitGate(context, limits, models)] : []),
    ...toGuardGates(context, policy),
    ...models.flatMap((model) => toGuardGates(context, model)),
    ...toCacheGates(context, policy),
  ]
}
