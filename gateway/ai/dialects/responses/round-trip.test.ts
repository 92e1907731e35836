import { expect, test } from 'vitest'
import type { AssistantPart } from '../../chat/request.ts'
import { responsesCaller } from './caller-dialect.ts'

const META = { requestId: 'request-1', model: 'm', createdAt: 1_767_225_600 }

test('what a model said comes back as it was', () => {
  const parts: readonly AssistantPart[] = [
    { type: 'reasoning', text: 'I thought.', signature: 'c2ln' },
    { type: 'reasoning', text: '', signature: 'c2ln' },
    { type: 'reasoning', text: '', redacted: 'aGlk' },
    { type: 'reasoning', text: 'Unsigned.' },
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
    { type: 'refusal', text: 'c' },
    { type: 'toolCall', id: 'call_1', name: 'f', arguments: '{"a":1}' },
    { type: 'text', text: 'd' },
  ]
  const answer = responsesCaller.encodeAnswer({ parts, finish: 'stop' }, META)
  const { output: input } = answer as { output: object[] }
  expect(responsesCaller.decodeRequest({ input }).messages).toEqual([{ role: 'assistant', parts }])
})
