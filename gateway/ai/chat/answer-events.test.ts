import { expect, test } from 'vitest'
import { toEvents } from './answer-events.ts'

test('an answer is a stream of whole parts', () => {
  const usage = { inputTokens: 1, outputTokens: 2 }
  const events = toEvents({
    id: 'a',
    parts: [
      { type: 'reasoning', text: 'Let me.', signature: 's' },
      { type: 'text', text: 'I will.' },
      { type: 'toolCall', id: 'c0', name: 'a', arguments: '{}' },
      { type: 'toolCall', id: 'c1', name: 'b', arguments: '{"x":1}' },
    ],
    finish: 'toolCalls',
    usage,
  })
  expect(events).toEqual([
    { type: 'start', id: 'a' },
    { type: 'reasoning', text: 'Let me.' },
    { type: 'reasoningSignature', signature: 's' },
    { type: 'text', text: 'I will.' },
    { type: 'toolCall', index: 0, id: 'c0', name: 'a' },
    { type: 'toolArguments', index: 0, json: '{}' },
    { type: 'toolCall', index: 1, id: 'c1', name: 'b' },
    { type: 'toolArguments', index: 1, json: '{"x":1}' },
    { type: 'finish', finish: 'toolCalls' },
    { type: 'usage', usage },
    { type: 'end' },
  ])
})
