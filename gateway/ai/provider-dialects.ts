import type { Dialect } from '#config/compiled/ai-model.ts'
import type { ProviderDialect } from './dialect.ts'
import { anthropicProvider } from './dialects/anthropic/provider-dialect.ts'
import { bedrockProvider } from './dialects/bedrock/provider-dialect.ts'
import { cohereProvider } from './dialects/cohere/provider-dialect.ts'
import { geminiProvider } from './dialects/gemini/provider-dialect.ts'
import { openAiProvider } from './dialects/openai/provider-dialect.ts'

/** How each provider is spoken to. */
export const providerDialects: Readonly<Record<Dialect, ProviderDialect>> = {
  OpenAI: openAiProvider,
  Anthropic: anthropicProvider,
  Gemini: geminiProvider,
  Bedrock: bedrockProvider,
  Cohere: cohereProvider,
}
