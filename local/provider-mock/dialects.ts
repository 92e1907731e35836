import { anthropic } from './anthropic/dialect.ts'
import { bedrock } from './bedrock/dialect.ts'
import { cohere } from './cohere/dialect.ts'
import type { Dialect, Operation } from './dialect.ts'
import { gemini } from './gemini/dialect.ts'
import { openai } from './openai/dialect.ts'
import { ProviderError } from './provider-error.ts'

const DIALECTS: readonly Dialect[] = [openai, anthropic, gemini, bedrock, cohere]

/** Where a request leads. */
export interface Destination {
  readonly dialect: Dialect
  readonly operation: Operation
  /** The model that the path names, or empty. */
  readonly pathModel: string
  /** False when no provider has such a path; the answer is then OpenAI's. */
  readonly isKnown: boolean
}

/** Finds the provider by the path alone: no two have one in common. */
export const findRoute = (method: string, path: string): Destination => {
  for (const dialect of DIALECTS) {
    for (const route of dialect.routes) {
      const match = route.method === method ? route.path.exec(path) : null
      const { operation } = route
      if (match) return { dialect, operation, pathModel: decode(match[1] ?? ''), isKnown: true }
    }
  }
  const operation = () => {
    throw new ProviderError(404, `Invalid URL (${method} ${path})`)
  }
  return { dialect: openai, operation, pathModel: '', isKnown: false }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
