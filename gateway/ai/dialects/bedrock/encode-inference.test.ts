import { expect, test } from 'vitest'
import type { ChatRequest, Message } from '../../chat/request.ts'
import { encodeInference } from './encode-inference.ts'

const ASK: Message = { role: 'user', parts: [{ type: 'text', text: 'Think.' }] }
const REQUEST: ChatRequest = { messages: [ASK], tools: [], unknown: [] }

const encode = (model: string, request: Partial<ChatRequest>) =>
  encodeInference({ ...REQUEST, ...request }, { model, hasStreamOptions: false })

const NOVA = 'amazon.nova-pro-v1:0'
const SONNET_4_5 = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'
const OPUS_4 = 'anthropic.claude-opus-4-20250514-v1:0'
const OPUS_4_6 = 'anthropic.claude-opus-4-6-v1'
const OPUS_4_7 = 'anthropic.claude-opus-4-7'
const OPUS_5 = 'global.anthropic.claude-opus-5'
const HAIKU_3 = 'anthropic.claude-3-haiku-20240307-v1:0'
const IN_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${OPUS_4_6}`

const ALL = { temperature: 0.5, topP: 0.9, topK: 40 }
const TOP_K = { additionalModelRequestFields: { top_k: 40 } }

test.each([
  [NOVA, ALL, { temperature: 0.5, topP: 0.9 }, ['top_k']],
  [SONNET_4_5, { temperature: 0.5, topP: 0.9 }, { temperature: 0.5 }, ['top_p']],
  [SONNET_4_5, { topP: 0.9 }, { topP: 0.9 }, []],
  [HAIKU_3, { temperature: 0.5 }, { temperature: 0.5 }, []],
  [OPUS_4, { temperature: 0.5 }, { temperature: 0.5 }, []],
  [IN_ARN, { temperature: 0 }, { temperature: 0 }, []],
])('%s takes of %j this: %j', (model, request, inferenceConfig, ignored) => {
  expect(encode(model, request)).toEqual({ fields: { inferenceConfig }, ignored })
})

test.each([OPUS_4_7, OPUS_5])('%s takes no temperature, nor its like', (model) => {
  const ignored = ['temperature', 'top_p', 'top_k']
  expect(encode(model, ALL)).toEqual({ fields: {}, ignored })
})

test('a model of Anthropic takes top_k', () => {
  expect(encode(SONNET_4_5, { topK: 40 })).toEqual({ fields: TOP_K, ignored: [] })
})

const BUDGET = { thinking: { type: 'enabled', budget_tokens: 2048 } }
const ADAPTIVE = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }

test.each([
  [SONNET_4_5, { budgetTokens: 2048 }, BUDGET],
  [OPUS_4, { budgetTokens: 2048 }, BUDGET],
  [OPUS_4_6, { effort: 'high' }, ADAPTIVE],
  [OPUS_5, { effort: 'high' }, ADAPTIVE],
] as const)('%s is told to think: %j', (model, reasoning, expected) => {
  const { fields, ignored } = encode(model, { reasoning, ...ALL })
  expect(fields).toMatchObject({ additionalModelRequestFields: expected })
  expect(fields).not.toHaveProperty('inferenceConfig')
  expect(fields).not.toHaveProperty('additionalModelRequestFields.top_k')
  expect(ignored).toEqual(['temperature', 'top_p', 'top_k'])
})

test.each([
  [NOVA, { effort: 'high' }, ['reasoning_effort']],
  [NOVA, { budgetTokens: 2048 }, ['budget_tokens']],
  [NOVA, { effort: 'none' }, []],
  [HAIKU_3, { effort: 'high' }, ['reasoning_effort']],
] as const)('%s is not told to think: %j', (model, reasoning, ignored) => {
  expect(encode(model, { reasoning })).toEqual({ fields: {}, ignored })
})

test('a model that shall not think keeps its temperature', () => {
  const { fields } = encode(OPUS_4_6, { reasoning: { effort: 'none' }, temperature: 0.5 })
  expect(fields).toMatchObject({ inferenceConfig: { temperature: 0.5 } })
})

test('no stop sequences are none', () => {
  expect(encode(NOVA, { stop: [] })).toEqual({ fields: {}, ignored: [] })
})
