import { expect, test } from 'vitest'
import type { AssistantPart, ChatRequest, Message } from '../../chat/request.ts'
import { encodeRequest } from './encode-request.ts'

const model = { model: 'command-a-03-2025', hasStreamOptions: false }

const toRequest = (members: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
  tools: [],
  unknown: [],
  ...members,
})

const encode = (members: Partial<ChatRequest>) => encodeRequest(toRequest(members), model)

const call = (id: string, args: string): AssistantPart => ({
  type: 'toolCall',
  id,
  name: 'open_gate',
  arguments: args,
})

test('tells the thoughts and the words beside a call as its plan', () => {
  const parts: AssistantPart[] = [
    { type: 'reasoning', text: 'Hm.', signature: 'c2lnbmVk' },
    { type: 'reasoning', text: '', redacted: 'aGlkZGVu' },
    { type: 'text', text: 'I will.' },
    call('a', ''),
  ]
  expect(encode({ messages: [{ role: 'assistant', parts }] }).body).toMatchObject({
    messages: [
      {
        role: 'assistant',
        tool_plan: 'Hm.\nI will.',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'open_gate', arguments: '{}' } },
        ],
      },
    ],
  })
})

test('tells a refusal as text, and nothing of what is empty', () => {
  const text = { type: 'text', text: '' } as const
  const messages: Message[] = [
    { role: 'system', parts: [text] },
    { role: 'user', parts: [text] },
    { role: 'assistant', parts: [text] },
    { role: 'assistant', parts: [{ type: 'refusal', text: 'I will not.' }] },
    { role: 'user', parts: [text, { type: 'text', text: 'Why?' }] },
  ]
  expect(encode({ messages }).body).toMatchObject({
    messages: [
      { role: 'assistant', content: 'I will not.' },
      { role: 'user', content: 'Why?' },
    ],
  })
})

test('answers each call with a message of its own', () => {
  const results = ['a', 'b'].map((callId) => ({ callId, parts: [] }))
  const { body } = encode({ messages: [{ role: 'tool', results }] })
  expect(body).toMatchObject({
    messages: [
      { role: 'tool', tool_call_id: 'a', content: '' },
      { role: 'tool', tool_call_id: 'b', content: '' },
    ],
  })
})

const image = { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } } as const
const tool = { name: 'open_gate', parameters: {} }

test.each<[string, Partial<ChatRequest>, string, string]>([
  [
    'an image from a tool',
    { messages: [{ role: 'tool', results: [{ callId: 'a', parts: [image] }] }] },
    'messages',
    'Models of this provider take no images from tools.',
  ],
  [
    'a choice of a tool that there is not',
    { tools: [tool], toolChoice: { type: 'tool', name: 'other' } },
    'tool_choice',
    'There is no tool "other".',
  ],
])('refuses %s', (_what, members, param, message) => {
  expect(() => encode(members)).toThrow(
    expect.objectContaining({ name: 'RequestFault', param, message }),
  )
})

test('sends of several tools only the one that must be called', () => {
  const { body } = encode({
    tools: [tool, { ...tool, name: 'list_gates' }],
    toolChoice: { type: 'tool', name: 'list_gates' },
  })
  expect(body).toMatchObject({
    tools: [{ function: { name: 'list_gates' } }],
    tool_choice: 'REQUIRED',
  })
})

test('sends no choice among no tools', () => {
  expect(encode({ toolChoice: { type: 'required' } }).body).not.toHaveProperty('tool_choice')
})

test.each<[string, Partial<ChatRequest>, object, readonly string[]]>([
  ['a range that is too wide', { topP: 1 }, { p: 0.99 }, []],
  ['a range of nothing', { topP: 0 }, { p: 0.01 }, []],
  ['a penalty of 0', { presencePenalty: 0 }, { presence_penalty: undefined }, []],
  [
    'a bonus',
    { presencePenalty: -1, frequencyPenalty: 2 },
    { presence_penalty: undefined, frequency_penalty: undefined },
    ['presence_penalty', 'frequency_penalty'],
  ],
  ['no thoughts', { reasoning: { effort: 'none' } }, { thinking: { type: 'disabled' } }, []],
  [
    'thoughts of nothing',
    { reasoning: { budgetTokens: 0 } },
    { thinking: { type: 'disabled' } },
    [],
  ],
  [
    'some thoughts',
    { reasoning: { effort: 'low', budgetTokens: 9 } },
    { thinking: { type: 'enabled', token_budget: 9 } },
    ['reasoning_effort'],
  ],
])('puts %s in the words of the provider', (_what, members, body, ignored) => {
  const encoded = encode(members)
  expect(encoded.body).toMatchObject(body)
  expect(encoded.ignored).toEqual(ignored)
})

test.each([
  ['auto', 'auto', []],
  ['original', undefined, ['detail']],
])('looks at an image with detail %s', (detail, expected, ignored) => {
  const { body, ...encoded } = encode({
    messages: [{ role: 'user', parts: [{ ...image, detail }] }],
  })
  expect(body).toMatchObject({
    messages: [{ content: [{ image_url: { url: image.source.url, detail: expected } }] }],
  })
  expect(encoded.ignored).toEqual(ignored)
})

test('limits the output as the model does where nothing is asked for', () => {
  const limited = { ...model, maxTokens: 9 }
  expect(encodeRequest(toRequest(), limited).body).toMatchObject({ max_tokens: 9 })
  expect(encodeRequest(toRequest({ maxTokens: 3 }), limited).body).toMatchObject({ max_tokens: 3 })
})
