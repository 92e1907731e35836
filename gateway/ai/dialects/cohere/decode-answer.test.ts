import { expect, test } from 'vitest'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'

test.each<[string, unknown, string]>([
  ['nothing', null, 'expected object'],
  ['an answer without a message', { id: 'a' }, 'expected object'],
  ['a text that is none', { message: { content: [{ text: 1 }] } }, 'expected string'],
  ['a call without a name', { message: { tool_calls: [{ id: 'a' }] } }, 'expected object'],
  ['a failure', { message: {}, finish_reason: 'ERROR' }, 'ended with ERROR'],
  ['what took too long', { message: {}, finish_reason: 'TIMEOUT' }, 'ended with TIMEOUT'],
])('does not take %s for an answer', (_what, json, message) => {
  expect(() => decodeAnswer(json)).toThrow(message)
})

test('takes calls for the end where no reason is told', () => {
  const call = { id: 'a', function: { name: 'list_gates' } }
  expect(decodeAnswer({ message: { tool_calls: [call] } })).toEqual({
    parts: [{ type: 'toolCall', id: 'a', name: 'list_gates', arguments: '{}' }],
    finish: 'toolCalls',
  })
})

test.each([
  ['is no JSON', '{"type":', SyntaxError],
  ['begins a call without a name', '{"type":"tool-call-start","delta":{}}', 'expected object'],
])('throws for an event that %s', (_what, data, error) => {
  expect(() => createStreamDecoder().push(`data: ${data}\n\n`)).toThrow(error)
})
