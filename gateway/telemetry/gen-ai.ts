import type { Operation } from '../ai/surface.ts'
import type { ModelFragment } from '../link/linked-model.ts'

/**
 * Words of the semantic conventions for generative AI, as last published with all others:
 * https://github.com/open-telemetry/semantic-conventions/tree/v1.41.0/docs/gen-ai
 */
export type GenAiAttributes = Readonly<Record<string, string>>

/** What the conventions have no word for gets one of its own, as they allow. */
const OPERATIONS: Record<Operation, string> = {
  chat: 'chat',
  embeddings: 'embeddings',
  countTokens: 'count_tokens',
}

const PROVIDERS = new Map([
  ['AzureOpenAI', 'azure.ai.openai'],
  ['Bedrock', 'aws.bedrock'],
  ['Gemini', 'gcp.gemini'],
  ['Mistral', 'mistral_ai'],
  ['Moonshot', 'moonshot_ai'],
  ['XAI', 'x_ai'],
])

/** `gen_ai.operation.name` */
export const toOperationName = (operation: Operation): string => OPERATIONS[operation]

/** `gen_ai.provider.name`, of a provider as users write it. */
export const toProviderName = (provider: string): string =>
  PROVIDERS.get(provider) ?? provider.toLowerCase()

/** What is said of each request to a model. */
export const toModelAttributes = (
  { spec }: ModelFragment,
  operation: Operation,
): GenAiAttributes => ({
  'gen_ai.operation.name': toOperationName(operation),
  'gen_ai.provider.name': toProviderName(spec.provider),
  'gen_ai.request.model': spec.model,
})
