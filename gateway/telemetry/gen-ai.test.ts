import { expect, test } from 'vitest'
import { toProviderName } from './gen-ai.ts'

test.each([
  ['OpenAI', 'openai'],
  ['Anthropic', 'anthropic'],
  ['Cohere', 'cohere'],
  ['DeepSeek', 'deepseek'],
  ['Groq', 'groq'],
  ['AzureOpenAI', 'azure.ai.openai'],
  ['Bedrock', 'aws.bedrock'],
  ['Gemini', 'gcp.gemini'],
  ['Mistral', 'mistral_ai'],
  ['XAI', 'x_ai'],
  // The conventions have no word for these.
  ['VLLM', 'vllm'],
  ['OpenAICompatible', 'openaicompatible'],
  ['constructor', 'constructor'],
])('the conventions call %s %s', (provider, name) => {
  expect(toProviderName(provider)).toBe(name)
})
