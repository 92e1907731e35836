import type { Finish } from '../../chat/answer.ts'

/** The words for why an answer ends: https://platform.openai.com/docs/api-reference/chat/object */
export const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  toolCalls: 'tool_calls',
  contentFilter: 'content_filter',
}

/** OpenAI's words, and those of servers that speak its API. */
const FINISHES = new Map<string, Finish>([
  ['length', 'length'],
  ['max_tokens', 'length'],
  // https://docs.mistral.ai/api/endpoint/chat
  ['model_length', 'length'],
  ['tool_calls', 'toolCalls'],
  ['function_call', 'toolCalls'],
  ['content_filter', 'contentFilter'],
  // https://docs.bigmodel.cn
  ['sensitive', 'contentFilter'],
  ['refusal', 'contentFilter'],
  ['safety', 'contentFilter'],
  ['recitation', 'contentFilter'],
  ['blocklist', 'contentFilter'],
  ['prohibited_content', 'contentFilter'],
  ['spii', 'contentFilter'],
])

/** Reasons of an answer that is not complete: Mistral and OpenRouter, DeepSeek, Zhipu, vLLM. */
const FAILURES = new Set(['error', 'insufficient_system_resource', 'network_error', 'abort'])

/** What an answer said before it ended. */
export interface Said {
  readonly hasToolCalls: boolean
  readonly hasRefusal: boolean
}

/**
 * Reads why an answer ends.
 *
 * @param reason undefined where an answer that is whole does not say it
 * @returns undefined where the provider failed
 */
export const readFinish = (reason: string | undefined, said: Said): Finish | undefined => {
  const word = reason?.toLowerCase() ?? 'stop'
  if (FAILURES.has(word)) return undefined
  // Gemini adds its own reason: `content_filter: RECITATION`.
  const finish = FINISHES.get(word.split(':', 1)[0] ?? word) ?? 'stop'
  if (finish !== 'stop') return finish
  if (said.hasRefusal) return 'contentFilter'
  // So it ends where the request names the function to call.
  return said.hasToolCalls ? 'toolCalls' : 'stop'
}
