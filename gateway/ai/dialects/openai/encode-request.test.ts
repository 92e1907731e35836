import { expect, test } from 'vitest'
import type { ChatRequest, Message } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type { ModelTraits } from '../../dialect.ts'
import { encodeRequest, encodeStreamRequest } from './encode-request.ts'

const MODEL: ModelTraits = { model: 'real', hasStreamOptions: true }
const hello: ChatRequest = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
  tools: [],
  unknown: [],
}
const plain = { model: 'real', messages: [{ role: 'user', content: 'hello' }] }

test.each<[string, Partial<ChatRequest>, Partial<ModelTraits>, object]>([
  ['no limit', {}, {}, {}],
  ['the limit of the model', {}, { maxTokens: 9 }, { max_completion_tokens: 9 }],
  ['what is asked for', { maxTokens: 3 }, { maxTokens: 9 }, { max_completion_tokens: 3 }],
  ['the older name', { maxTokens: 3 }, { maxTokensField: 'max_tokens' }, { max_tokens: 3 }],
  ['no choice among no tools', { toolChoice: { type: 'none' }, parallelToolCalls: true }, {}, {}],
  ['no empty list of stops', { stop: [] }, {}, {}],
])('sends %s', (_what, asked, traits, expected) => {
  const { body } = encodeRequest({ ...hello, ...asked }, { ...MODEL, ...traits })
  expect(body).toEqual({ ...plain, ...expected })
})

test('asks for no usage where the provider knows no such option', () => {
  const { body } = encodeStreamRequest(hello, { ...MODEL, hasStreamOptions: false })
  expect(body).toEqual({ ...plain, stream: true })
})

const encode = (message: Message) =>
  (encodeRequest({ ...hello, messages: [message] }, MODEL).body as typeof plain).messages

test.each<[string, Message, object]>([
  [
    'a call without arguments and without words',
    {
      role: 'assistant',
      parts: [{ type: 'toolCall', id: 'call_1', name: 'list_gates', arguments: '' }],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'list_gates', arguments: '{}' } },
      ],
    },
  ],
  [
    'a refusal as the words that it is',
    { role: 'assistant', parts: [{ type: 'refusal', text: 'I will not.' }] },
    { role: 'assistant', content: 'I will not.' },
  ],
  [
    'a thought alone as no words',
    { role: 'assistant', parts: [{ type: 'reasoning', text: 'Hm.' }] },
    { role: 'assistant', content: '' },
  ],
  [
    'a file without a name',
    {
      role: 'user',
      parts: [
        { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'QQ==' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'file',
          file: { filename: 'file.pdf', file_data: 'data:application/pdf;base64,QQ==' },
        },
      ],
    },
  ],
])('writes %s', (_what, message, expected) => {
  expect(encode(message)).toEqual([expected])
})

test('sends no thoughts back, not even beside a call', () => {
  const parts = [
    { type: 'reasoning', text: 'Hm.', signature: 'c2ln' },
    { type: 'toolCall', id: 'call_1', name: 'list_gates', arguments: '{}' },
  ] as const
  const [sent = {}] = encode({ role: 'assistant', parts })
  expect(Object.keys(sent)).toEqual(['role', 'content', 'tool_calls'])
})

const byUrl = { type: 'url', url: 'https://example.com/a' } as const

test.each<[string, Message]>([
  ['a file by URL', { role: 'user', parts: [{ type: 'file', source: byUrl }] }],
  [
    'an image that a tool gave back',
    { role: 'tool', results: [{ callId: 'call_1', parts: [{ type: 'image', source: byUrl }] }] },
  ],
])('has no words for %s', (_what, message) => {
  expect(() => encode(message)).toThrow(RequestFault)
})
