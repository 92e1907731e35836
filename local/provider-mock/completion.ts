import type { Twist } from './dialect.ts'
import { isObject, tryParse } from './json.ts'
import { sampleOf } from './schema-sample.ts'
import { countTokens, toWords, truncate } from './text.ts'

const TOKENS_PER_IMAGE = 85
const WRONG_USAGE: Usage = { input: 1_000_003, output: 999_983 }

/** One message, or one part of it, freed from its dialect. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
  readonly images: number
}

/** What a request of any dialect comes down to. */
export interface Prompt {
  readonly turns: readonly Turn[]
  readonly tools: readonly string[]
  /** JSON schema the answer must fit. */
  readonly schema?: unknown
  readonly maxTokens?: number | null | undefined
}

export interface ToolCall {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  /** The input as JSON. */
  readonly json: string
}

export interface Usage {
  readonly input: number
  readonly output: number
}

/** What the model answers, before a dialect gives it its form. */
export interface Completion {
  readonly text: string
  readonly call: ToolCall | undefined
  readonly finish: 'stop' | 'length' | 'tool'
  readonly usage: Usage | undefined
}

/** Answers a prompt, always in the same way. */
export const compose = (prompt: Prompt, twist: Twist): Completion => {
  const call = findToolCall(prompt)
  const whole = call ? '' : toAnswer(prompt, twist)
  const text = truncate(whole, prompt.maxTokens ?? Number.POSITIVE_INFINITY)
  const usage = {
    input: countInput(prompt.turns),
    output: countTokens(call ? call.json : text),
  }
  return { text, call, finish: toFinish(call, text === whole), usage: twistUsage(usage, twist) }
}

/** Tokens of all messages together, images included. */
export const countInput = (turns: readonly Turn[]): number => {
  const images = turns.reduce((sum, turn) => sum + turn.images, 0)
  return countTokens(turns.map(({ text }) => text).join('')) + images * TOKENS_PER_IMAGE
}

/** Usage as steering wants it told. */
export const twistUsage = (usage: Usage, twist: Twist): Usage | undefined => {
  if (twist.usage === 'none') return undefined
  return twist.usage === 'wrong' ? WRONG_USAGE : usage
}

const toFinish = (call: ToolCall | undefined, isWhole: boolean): Completion['finish'] => {
  if (call) return 'tool'
  return isWhole ? 'stop' : 'length'
}

const lastUserText = (turns: readonly Turn[]): string =>
  turns.findLast(({ role }) => role === 'user')?.text ?? ''

const toAnswer = ({ turns, schema }: Prompt, { words }: Twist): string => {
  if (schema !== undefined) return JSON.stringify(sampleOf(schema))
  if (words !== undefined) return toWords(words)
  const last = turns.at(-1)
  // Without this a client that runs tools would get the same call again for ever.
  if (last?.role === 'tool') return `The tool said: ${last.text}`
  return `You said: ${lastUserText(turns)}`
}

/** `call <name> <json>`, for a tool that was offered and has not answered yet. */
const findToolCall = ({ turns, tools }: Prompt): ToolCall | undefined => {
  if (turns.at(-1)?.role === 'tool') return undefined
  const [, name, text = '{}'] = /^call (\S+)(?:\s+(.+))?$/s.exec(lastUserText(turns)) ?? []
  if (name === undefined || !tools.includes(name)) return undefined
  const input = tryParse(text)
  return isObject(input) ? { name, input, json: JSON.stringify(input) } : undefined
}
