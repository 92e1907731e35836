import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const usage = z.object({ prompt_tokens: count, completion_tokens: count.default(0) })

/** Groq tells that of a stream in a place of its own. */
interface WithUsage {
  readonly usage?: unknown
  readonly x_groq?: { readonly usage?: unknown } | null
}

/** The usage that an answer tells; undefined where it is missing or makes no sense. */
export const readUsage = (answer: unknown): Usage | undefined => {
  const told = answer as WithUsage | null | undefined
  const { data } = usage.safeParse(told?.usage ?? told?.x_groq?.usage)
  return data && { inputTokens: data.prompt_tokens, outputTokens: data.completion_tokens }
}
