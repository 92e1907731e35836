import { calcPrice, type ModelPrice } from '@pydantic/genai-prices'
import type { CompiledCost } from '#config/compiled/cost.ts'

/** What a list says that a model costs. */
export interface ListedPrice {
  readonly cost: CompiledCost
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly cost: CompiledCost }[]
}

/** Our names of providers, and the list's; who is not here sets no prices, or they are not listed. */
export const LISTED_PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['Anthropic', 'anthropic'],
  ['AzureOpenAI', 'azure'],
  ['Baseten', 'baseten'],
  ['Bedrock', 'aws'],
  ['Cerebras', 'cerebras'],
  ['CloudflareWorkersAI', 'cloudflare'],
  ['Cohere', 'cohere'],
  ['DeepSeek', 'deepseek'],
  ['Fireworks', 'fireworks'],
  ['Gemini', 'google'],
  ['Groq', 'groq'],
  ['MiniMax', 'minimax'],
  ['Mistral', 'mistral'],
  ['Moonshot', 'moonshotai'],
  ['Novita', 'novita'],
  ['OpenAI', 'openai'],
  ['OpenRouter', 'openrouter'],
  ['OVHcloud', 'ovhcloud'],
  ['Together', 'together'],
  ['XAI', 'x-ai'],
  ['ZAI', 'zai'],
  ['Zhipu', 'zhipuai'],
])

const FIELDS = [
  ['input', 'input_mtok'],
  ['output', 'output_mtok'],
  ['cachedInput', 'cache_read_mtok'],
  ['cacheWrite', 'cache_write_mtok'],
] as const

type ListedRate = ModelPrice[string]

/** The list's dollars are doubles: a third of a cent has no end. */
const toMicroDollars = (dollars: number): number => Math.round(dollars * 1_000_000)

/** Dollars for a million tokens of a call with more input than that. */
const toDollars = (rate: ListedRate, aboveInputTokens: number): number | undefined => {
  if (typeof rate !== 'object') return rate
  const tiers = rate.tiers.filter(({ start }) => start <= aboveInputTokens)
  return tiers.reduce((last, tier) => (tier.start >= last.start ? tier : last), {
    start: -1,
    price: rate.base,
  }).price
}

const toCompiledCost = (prices: ModelPrice, aboveInputTokens: number): CompiledCost => {
  const cost: CompiledCost = {}
  for (const [field, listed] of FIELDS) {
    const dollars = toDollars(prices[listed], aboveInputTokens)
    if (dollars !== undefined) cost[field] = toMicroDollars(dollars)
  }
  // One that makes no text, such as a model of embeddings, has no price of it.
  return cost.input === undefined ? cost : { output: 0, ...cost }
}

/**
 * What the list that comes with the gateway says of a model at a time; it is searched from its
 * beginning. Of what is not tokens, such as searches, it says nothing here.
 */
export const findListedPrice = (
  provider: string,
  model: string,
  at: Date,
): ListedPrice | undefined => {
  const providerId = LISTED_PROVIDERS.get(provider)
  if (providerId === undefined) return undefined
  const prices = calcPrice({}, model, { providerId, timestamp: at })?.model_price
  if (!prices) return undefined
  const starts = Object.values(prices).flatMap((rate) =>
    typeof rate === 'object' ? rate.tiers.map(({ start }) => start) : [],
  )
  return {
    cost: toCompiledCost(prices, -1),
    tiers: [...new Set(starts)]
      .sort((a, b) => a - b)
      .map((aboveInputTokens) => ({
        aboveInputTokens,
        cost: toCompiledCost(prices, aboveInputTokens),
      })),
  }
}
