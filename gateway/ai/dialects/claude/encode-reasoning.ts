import type { ChatRequest, Message, Reasoning } from '../../chat/request.ts'

/** How a model is told how much it shall think. */
type Control = 'none' | 'budget' | 'effort'

/**
 * Models of old, by name; all that came after them decide for themselves, guided by an effort.
 * https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking
 */
const BUDGET = /claude-(?:3-7|(?:opus|sonnet|haiku)-4(?:-[0-5](?!\d)|-20\d{6}|@|$))/
const NEITHER = /claude-(?:instant|[23](?!-7))/
/** These think whatever they are told; the others can be told not to. */
const ALWAYS = /claude-(?:fable|mythos)|claude-(?:opus|sonnet)-5-5/
/**
 * Of those with efforts, the ones that know no `xhigh`.
 * https://platform.claude.com/docs/en/build-with-claude/effort#effort-levels
 */
const WITHOUT_XHIGH = /claude-(?:(?:opus|sonnet)-4-6(?!\d)|mythos-preview)/

const findControl = (model: string): Control => {
  if (BUDGET.test(model)) return 'budget'
  return NEITHER.test(model) ? 'none' : 'effort'
}

/** Which part of the tokens goes into thinking, where only an effort is asked for. */
const SHARES = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.9, max: 0.9 } as const

/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking */
const MIN_BUDGET_TOKENS = 1024

/** What a request says of thinking. */
export interface EncodedReasoning {
  readonly thinking?: { readonly type: 'enabled' | 'adaptive' | 'disabled' }
  readonly effort?: string
  /** What was asked for and is not said. */
  readonly ignored: readonly string[]
}

const toIgnored = ({ effort, budgetTokens }: Reasoning): string[] => [
  ...(effort === undefined ? [] : ['reasoning_effort']),
  ...(budgetTokens === undefined ? [] : ['budget_tokens']),
]

/**
 * With a budget, a turn that calls tools must begin with its thoughts. Those of a caller that has
 * no place for them are lost.
 */
const hasLostThoughts = (messages: readonly Message[]): boolean => {
  const last = messages.findLast(({ role }) => role === 'assistant')
  if (last?.role !== 'assistant' || messages.at(-1)?.role !== 'tool') return false
  const [first] = last.parts
  return !(first?.type === 'reasoning' && (first.signature ?? first.redacted))
}

const isOff = ({ effort, budgetTokens }: Reasoning): boolean =>
  effort === 'none' || budgetTokens === 0

const encodeBudget = (
  reasoning: Reasoning,
  messages: readonly Message[],
  maxTokens: number,
): EncodedReasoning => {
  // Without a word on it they do not think.
  if (isOff(reasoning)) return { ignored: [] }
  const { effort = 'medium', budgetTokens } = reasoning
  const share = effort === 'none' ? 0 : SHARES[effort]
  const wanted = Math.max(MIN_BUDGET_TOKENS, budgetTokens ?? Math.floor(maxTokens * share))
  const budget = Math.min(wanted, maxTokens - 1)
  if (budget < MIN_BUDGET_TOKENS || hasLostThoughts(messages)) {
    return { ignored: toIgnored(reasoning) }
  }
  const thinking = { type: 'enabled', budget_tokens: budget } as const
  return { thinking, ignored: [] }
}

/** The newer models show what they think only when asked to; it costs the same. */
const ADAPTIVE = { type: 'adaptive', display: 'summarized' } as const

const toEffort = (effort: NonNullable<Reasoning['effort']>, model: string): string => {
  if (effort === 'minimal') return 'low'
  return effort === 'xhigh' && WITHOUT_XHIGH.test(model) ? 'high' : effort
}

const encodeEffort = (reasoning: Reasoning, model: string): EncodedReasoning => {
  const { effort, budgetTokens } = reasoning
  if (isOff(reasoning)) {
    if (!ALWAYS.test(model)) return { thinking: { type: 'disabled' }, ignored: [] }
    return { effort: 'low', ignored: toIgnored(reasoning) }
  }
  return {
    thinking: ADAPTIVE,
    ...(effort !== undefined && { effort: toEffort(effort, model) }),
    // Refused by the newer models, and no effort is as much.
    ignored: budgetTokens === undefined ? [] : ['budget_tokens'],
  }
}

/**
 * Says how much the model shall think. No model thinks before a tool that it is made to call:
 * there the tool counts, and the thinking is left out.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#extended-thinking-with-tool-use
 */
export const encodeReasoning = (
  { reasoning, messages, toolChoice }: ChatRequest,
  model: string,
  maxTokens: number,
): EncodedReasoning => {
  if (!reasoning) return { ignored: [] }
  const control = findControl(model)
  if (control === 'none') return { ignored: toIgnored(reasoning) }
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tool'
  if (control === 'budget') {
    if (isForced) return { ignored: toIgnored(reasoning) }
    return encodeBudget(reasoning, messages, maxTokens)
  }
  const { thinking, ...encoded } = encodeEffort(reasoning, model)
  return isForced || !thinking ? encoded : { thinking, ...encoded }
}
