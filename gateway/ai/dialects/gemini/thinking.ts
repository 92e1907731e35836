import type { Reasoning } from '../../chat/request.ts'
import { isGemini3OrLater } from './generation.ts'

type Effort = NonNullable<Reasoning['effort']>

/** MINIMAL is refused by most models that think in levels, LOW by none. */
const LEVELS: Record<Effort, string> = {
  none: 'LOW',
  minimal: 'LOW',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
}

/** As the provider itself translates efforts: https://ai.google.dev/gemini-api/docs/openai */
const BUDGETS: Record<Effort, number> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
}

/** Whether the model would not think at all if that could be said to it. */
export const isThinkingForced = (reasoning: Reasoning | undefined, model: string): boolean =>
  reasoning?.effort === 'none' && isGemini3OrLater(model)

/**
 * How much the model shall think; a level and a budget side by side are refused:
 * https://ai.google.dev/gemini-api/docs/thinking
 */
export const encodeThinking = (reasoning: Reasoning | undefined, model: string) => {
  const { effort, budgetTokens } = reasoning ?? {}
  if (effort !== undefined && isGemini3OrLater(model)) {
    return { thinkingLevel: LEVELS[effort], includeThoughts: effort !== 'none' }
  }
  const thinkingBudget = budgetTokens ?? (effort && BUDGETS[effort])
  if (thinkingBudget === undefined) return undefined
  return { thinkingBudget, includeThoughts: thinkingBudget !== 0 }
}
