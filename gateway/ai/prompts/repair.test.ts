import { expect, test } from 'vitest'
import type { ChatRequest } from '../chat/request.ts'
import { toRepairRequest } from './repair.ts'

const request: ChatRequest = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Where?' }] }],
  tools: [],
  output: { type: 'schema', name: 'trip', schema: { type: 'object' } },
  maxTokens: 5,
  unknown: [],
}

test('shows the model its answer, and what is wrong with it', () => {
  const { messages, ...rest } = toRepairRequest(request, '{', 'it is no JSON')
  expect({ messages: request.messages, ...rest }).toEqual(request)
  expect(messages).toEqual([
    ...request.messages,
    { role: 'assistant', parts: [{ type: 'text', text: '{' }] },
    { role: 'user', parts: [{ type: 'text', text: expect.stringContaining('it is no JSON.') }] },
  ])
})

test('an empty answer is no message', () => {
  const { messages } = toRepairRequest(request, ' \n', 'it is no JSON')
  expect(messages.map(({ role }) => role)).toEqual(['user', 'user'])
})
