import { expect, test } from 'vitest'
import type { AssistantPart, ChatRequest, Message, UserPart } from '../../chat/request.ts'
import { encodeRequest } from './encode-request.ts'

const MODEL = { model: 'model-1', hasStreamOptions: false }
const text = (words: string) => ({ type: 'text', text: words }) as const
const user = (...parts: UserPart[]): Message => ({ role: 'user', parts })
const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts })
const file = (mediaType: string, name?: string): UserPart => ({
  type: 'file',
  source: { type: 'base64', mediaType, data: 'YQ==' },
  ...(name !== undefined && { name }),
})
const image = (mediaType: string): UserPart => ({
  type: 'image',
  source: { type: 'base64', mediaType, data: 'YQ==' },
})
const call = (id: string, json: string): AssistantPart => ({
  type: 'toolCall',
  id,
  name: 'open_gate',
  arguments: json,
})
const result = (callId: string, ...words: string[]): Message => ({
  role: 'tool',
  results: [{ callId, parts: words.map(text) }],
})

const encode = (request: Partial<ChatRequest>, model = MODEL) =>
  encodeRequest(
    { messages: [user(text('hi'))], tools: [], unknown: [], ...request },
    model,
    'converse',
  )

const toMessages = (...messages: Message[]): unknown =>
  (encode({ messages }).body as { messages: unknown }).messages

test.each([
  ['amazon.nova-pro-v1:0', 'amazon.nova-pro-v1%3A0'],
  [
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama',
    'arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.meta.llama',
  ],
])('the model %s is one segment of the path', (model, segment) => {
  expect(encode({}, { ...MODEL, model }).path).toBe(`/model/${segment}/converse`)
})

test('the most tokens of a call are those of the model where it asks for none', () => {
  const model = { ...MODEL, maxTokens: 500 }
  expect(encode({}, model).body).toMatchObject({ inferenceConfig: { maxTokens: 500 } })
  expect(encode({ maxTokens: 9 }, model).body).toMatchObject({ inferenceConfig: { maxTokens: 9 } })
})

test('a conversation that the model began has a turn of the user before', () => {
  expect(toMessages(assistant(text('Hello?')), user(text('hi')))).toEqual([
    { role: 'user', content: [{ text: '(no text)' }] },
    { role: 'assistant', content: [{ text: 'Hello?' }] },
    { role: 'user', content: [{ text: 'hi' }] },
  ])
})

test('blank text is not sent, and a turn of the user stays a turn', () => {
  const system: Message = { role: 'system', parts: [text(' '), text('Be brief.')] }
  const messages = [
    system,
    user(text('hi'), text('\n')),
    assistant(text('')),
    user(text(' ')),
    assistant(text('ho')),
    user(),
  ]
  expect(encode({ messages }).body).toEqual({
    system: [{ text: 'Be brief.' }],
    messages: [
      { role: 'user', content: [{ text: 'hi' }, { text: '(no text)' }] },
      { role: 'assistant', content: [{ text: 'ho' }] },
      { role: 'user', content: [{ text: '(no text)' }] },
    ],
  })
})

test('an error of a tool has words', () => {
  const call: AssistantPart = { type: 'toolCall', id: 'call_1', name: 'f', arguments: '{}' }
  const results = [{ callId: 'call_1', parts: [text('')], isError: true }]
  const messages: Message[] = [user(text('hi')), assistant(call), { role: 'tool', results }]
  const { body } = encode({ messages, tools: [{ name: 'f', parameters: { type: 'object' } }] })
  expect(JSON.stringify(body)).toContain('"content":[{"text":"(no text)"}],"status":"error"')
})

test('a refusal is text, and thoughts that nobody signed are left out', () => {
  const parts: AssistantPart[] = [
    { type: 'reasoning', text: 'Hm.' },
    { type: 'refusal', text: 'I will not.' },
  ]
  expect(toMessages(user(text('hi')), assistant(...parts), user(text('ho')))).toMatchObject([
    {},
    { content: [{ text: 'I will not.' }] },
    {},
  ])
})

test('documents have names that are allowed and differ, and text beside them', () => {
  const names = ['../gate_(1).pdf', '', 'ü', 'gate', 'gate', 'x'.repeat(300)]
  const parts = names.map((name) => file('application/pdf; v=1', name))
  expect(toMessages(user(...parts, file('TEXT/MARKDOWN')))).toEqual([
    {
      role: 'user',
      content: [
        ...['gate (1) pdf', 'document', '3 document', 'gate', '5 gate', 'x'.repeat(200)].map(
          (name) => ({ document: { name, format: 'pdf', source: { bytes: 'YQ==' } } }),
        ),
        { document: { name: '7 document', format: 'md', source: { bytes: 'YQ==' } } },
        { text: '(no text)' },
      ],
    },
  ])
})

test('arguments may be missing, and keep names that objects have of their own', () => {
  const json = '{"__proto__":{"a":1}}'
  const messages = [user(text('hi')), assistant(call('a', ''), call('b', json))]
  expect(JSON.stringify(encode({ messages }).body)).toContain(`"input":${json}`)
  expect(encode({ messages }).body).toMatchObject({
    messages: [{}, { content: [{ toolUse: { input: {} } }, {}] }],
  })
})

test('ids of calls that are not allowed are replaced by the same ones', () => {
  const id = 'functions.open_gate:0'
  const messages = toMessages(user(text('hi')), assistant(call(id, '{}')), result(id, ''))
  const toolUseId = expect.stringMatching(/^call_[0-9a-f]{32}$/)
  expect(messages).toMatchObject([
    {},
    { content: [{ toolUse: { toolUseId } }] },
    { content: [{ toolResult: { toolUseId, content: [{ text: '' }] } }] },
  ])
  const ids = JSON.stringify(messages).match(/call_[0-9a-f]{32}/g)
  expect(new Set(ids).size).toBe(1)
})

const TOOL = { name: 'open_gate', description: ' ', parameters: {} }
const TALK = [user(text('hi')), assistant(call('a', '{}')), result('a', 'ok')]

test.each([
  ['no tools', { tools: [] }],
  ['no choice of them', { tools: [TOOL], toolChoice: { type: 'none' } }],
] as const)('talk of tools with %s comes with a tool that must not be called', (_name, request) => {
  expect(encode({ ...request, messages: TALK }).body).toMatchObject({
    toolConfig: { tools: [{ toolSpec: { name: 'no_tool' } }] },
  })
})

test('a tool has a schema of an object, and no blank description', () => {
  const toolSpec = { name: 'open_gate', inputSchema: { json: { type: 'object' } } }
  expect(encode({ tools: [TOOL] }).body).toHaveProperty('toolConfig', { tools: [{ toolSpec }] })
})

test.each([
  ['no messages', { messages: [] }, 'messages'],
  ['only instructions', { messages: [{ role: 'system', parts: [text('Hm.')] }] }, 'messages'],
  ['a document of another type', { messages: [user(file('application/zip'))] }, 'messages'],
  ['an image of another type', { messages: [user(image('image/svg+xml'))] }, 'messages'],
  [
    'audio of another format',
    { messages: [user({ type: 'audio', format: 'midi', data: 'YQ==' })] },
    'messages',
  ],
  [
    'a document by URL',
    { messages: [user({ type: 'file', source: { type: 'url', url: 'https://example.com/' } })] },
    'messages',
  ],
  ['arguments that are cut', { messages: [assistant(call('a', '{"gate":'))] }, 'messages'],
  ['arguments that are a list', { messages: [assistant(call('a', '[]'))] }, 'messages'],
  ['arguments that are null', { messages: [assistant(call('a', 'null'))] }, 'messages'],
  [
    'a strict tool with an open schema',
    { tools: [{ ...TOOL, strict: true, parameters: { additionalProperties: true } }] },
    'tools',
  ],
  [
    'an answer of an open schema',
    { output: { type: 'schema', name: 'x', schema: { type: 'object', additionalProperties: {} } } },
    'response_format',
  ],
] as const)('%s cannot be said', (_name, request, param) => {
  expect(() => encode(request)).toThrow(expect.objectContaining({ name: 'RequestFault', param }))
})
