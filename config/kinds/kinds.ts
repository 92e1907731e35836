import { aiModelConfig } from './ai-model-config.ts'
import { apiRoute } from './api-route.ts'
import type { KindDefinition } from './common.ts'
import { llmRoutingPolicy } from './llm-routing-policy.ts'
import { promptTemplate } from './prompt-template.ts'

/** Every kind Penstock defines. A new kind is one file and one line here. */
export const kinds: readonly KindDefinition[] = [
  apiRoute,
  aiModelConfig,
  llmRoutingPolicy,
  promptTemplate,
]
