import type { ChatRequest, Reasoning } from '../../chat/request.ts'
import type { ModelTraits } from '../../dialect.ts'

const MIN_P = 0.01
const MAX_P = 0.99

/** Others take a range that is wider by a little, and have 1 for no limit. */
const encodeP = (topP: number | undefined): number | undefined =>
  topP === undefined ? undefined : Math.min(Math.max(topP, MIN_P), MAX_P)

/** Whether the provider has a word for a penalty. */
export const isPenalty = (value: number | undefined): boolean =>
  value === undefined || (value >= 0 && value <= 1)

/** 0 is no penalty, which not all models let stand beside another. */
const encodePenalty = (value: number | undefined): number | undefined =>
  isPenalty(value) && value !== 0 ? value : undefined

/** https://docs.cohere.com/docs/reasoning */
const encodeThinking = (reasoning: Reasoning | undefined) => {
  if (!reasoning) return undefined
  const { effort, budgetTokens } = reasoning
  if (effort === 'none' || budgetTokens === 0) return { type: 'disabled' }
  return { type: 'enabled', token_budget: budgetTokens }
}

/** How the model shall answer: https://docs.cohere.com/reference/chat */
export const encodeParameters = (request: ChatRequest, model: ModelTraits) => ({
  max_tokens: request.maxTokens ?? model.maxTokens,
  temperature: request.temperature,
  p: encodeP(request.topP),
  k: request.topK,
  stop_sequences: request.stop,
  seed: request.seed,
  presence_penalty: encodePenalty(request.presencePenalty),
  frequency_penalty: encodePenalty(request.frequencyPenalty),
  thinking: encodeThinking(request.reasoning),
})
