import { expect, test } from 'vitest'
import type { ChatRequest, Message, Reasoning } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type { ModelTraits } from '../../dialect.ts'
import { encodeCount, encodeRequest } from './encode-request.ts'

const says = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })
const TOOL = { name: 'open_gate', parameters: {} }

const encode = (asked: Partial<ChatRequest>, model: Partial<ModelTraits> = {}) => {
  const request = { messages: [says('hi')], tools: [], unknown: [], ...asked }
  return encodeRequest(request, { model: 'claude-opus-5', hasStreamOptions: true, ...model }, false)
}

const findFault = (asked: Partial<ChatRequest>): unknown => {
  try {
    return encode(asked)
  } catch (error) {
    return error
  }
}

test.each<[string, Partial<ChatRequest>, object]>([
  ['where to stop', { stop: ['END'] }, { stop_sequences: ['END'] }],
  ['who asks', { user: 'user-17' }, { metadata: { user_id: 'user-17' } }],
])('says %s', (_what, asked, expected) => {
  expect(encode(asked).body).toMatchObject(expected)
})

const ALL = { temperature: 0.5, topP: 0.9, topK: 40 }

test.each<[string, Partial<ChatRequest>, object, string[]]>([
  ['claude-haiku-4-5', { temperature: 0 }, { temperature: 0 }, []],
  ['claude-haiku-4-5', { topP: 0.9, topK: 40 }, { top_p: 0.9, top_k: 40 }, []],
  ['claude-opus-4-6', ALL, { temperature: 0.5, top_k: 40 }, ['top_p']],
  ['claude-opus-4-7', ALL, {}, ['temperature', 'top_p', 'top_k']],
  ['claude-opus-5', { temperature: 0 }, {}, ['temperature']],
  ['claude-opus-4-6', { ...ALL, reasoning: {} }, {}, ['temperature', 'top_p', 'top_k']],
  ['my-deployment', ALL, { temperature: 0.5, top_p: 0.9, top_k: 40 }, []],
])('tells %s of %j how to choose its words', (model, asked, expected, ignored) => {
  const encoded = encode(asked, { model })
  const { temperature, top_p, top_k } = encoded.body as Record<string, unknown>
  expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected)
  expect(encoded.ignored).toEqual(ignored)
})

test('names what it has no words for', () => {
  const hints = { seed: 7, presencePenalty: 0.1, frequencyPenalty: 0, unknown: ['logit_bias'] }
  const expected = ['seed', 'presence_penalty', 'frequency_penalty', 'logit_bias']
  expect(encode(hints).ignored).toEqual(expected)
})

test.each([
  ['what is asked for', 5, 9, 5],
  ['the limit of the model', undefined, 9, 9],
  ['a limit of ours, as one is demanded', undefined, undefined, 4096],
])('limits the tokens to %s', (_what, asked, limit, expected) => {
  const request = asked === undefined ? {} : { maxTokens: asked }
  const model = limit === undefined ? {} : { maxTokens: limit }
  expect(encode(request, model).body).toMatchObject({ max_tokens: expected })
})

const ADAPTIVE = { type: 'adaptive', display: 'summarized' }
const budget = (budget_tokens: number) => ({ type: 'enabled', budget_tokens })

test.each<[string, Reasoning, object]>([
  ['claude-opus-5', { effort: 'xhigh' }, { thinking: ADAPTIVE, effort: 'xhigh' }],
  ['claude-opus-5', { effort: 'minimal' }, { thinking: ADAPTIVE, effort: 'low' }],
  ['claude-opus-5', {}, { thinking: ADAPTIVE }],
  ['claude-opus-5', { effort: 'none' }, { thinking: { type: 'disabled' } }],
  ['claude-sonnet-5-5', { effort: 'none' }, { effort: 'low', ignored: ['reasoning_effort'] }],
  ['claude-fable-5-1', { budgetTokens: 0 }, { effort: 'low', ignored: ['budget_tokens'] }],
  ['claude-sonnet-4-6', { budgetTokens: 2000 }, { thinking: ADAPTIVE, ignored: ['budget_tokens'] }],
  ['claude-opus-4-6', { effort: 'xhigh' }, { thinking: ADAPTIVE, effort: 'high' }],
  ['claude-sonnet-4-6', { effort: 'max' }, { thinking: ADAPTIVE, effort: 'max' }],
  ['claude-opus-4-7', { effort: 'xhigh' }, { thinking: ADAPTIVE, effort: 'xhigh' }],
  ['claude-mythos-preview', { effort: 'xhigh' }, { thinking: ADAPTIVE, effort: 'high' }],
  ['claude-opus-4-10', { effort: 'high' }, { thinking: ADAPTIVE, effort: 'high' }],
  ['my-deployment', { effort: 'high' }, { thinking: ADAPTIVE, effort: 'high' }],
  ['claude-sonnet-4-5-20250929', { budgetTokens: 2000 }, { thinking: budget(2000) }],
  ['claude-opus-4-1', { effort: 'high' }, { thinking: budget(8000) }],
  ['claude-opus-4-20250514', { effort: 'minimal' }, { thinking: budget(1024) }],
  ['claude-sonnet-4@20250514', { budgetTokens: 1 }, { thinking: budget(1024) }],
  ['claude-3-7-sonnet-latest', { budgetTokens: 50_000 }, { thinking: budget(9999) }],
  ['claude-haiku-4-5', {}, { thinking: budget(5000) }],
  ['claude-haiku-4-5', { effort: 'none' }, {}],
  ['claude-3-haiku-20240307', { effort: 'low' }, { ignored: ['reasoning_effort'] }],
])('tells %s to think %j', (model, reasoning, expected) => {
  const { body, ignored } = encode({ reasoning, maxTokens: 10_000 }, { model })
  const { thinking, output_config: config } = body as Record<string, { effort?: string }>
  const said = { ...(thinking && { thinking }), ...config }
  expect({ ...said, ignored }).toEqual({ ignored: [], ...expected })
})

test('does not think with fewer tokens than thinking takes', () => {
  const reasoning = { budgetTokens: 2000 }
  const { body, ignored } = encode({ reasoning, maxTokens: 1024 }, { model: 'claude-haiku-4-5' })
  expect(body).not.toHaveProperty('thinking')
  expect(ignored).toEqual(['budget_tokens'])
})

const called = (signature: string): Message[] => [
  says('Open it.'),
  {
    role: 'assistant',
    parts: [
      ...(signature ? [{ type: 'reasoning', text: 'Hm.', signature } as const] : []),
      { type: 'toolCall', id: 'call_1', name: 'open_gate', arguments: '' },
    ],
  },
  { role: 'tool', results: [{ callId: 'call_1', parts: [] }] },
]

test('with a budget, goes on thinking only where the thoughts so far are there', () => {
  const asked = { reasoning: { budgetTokens: 2000 }, tools: [TOOL] }
  const model = { model: 'claude-haiku-4-5' }
  expect(encode({ ...asked, messages: called('c2ln') }, model).body).toHaveProperty('thinking')
  const lost = encode({ ...asked, messages: called('') }, model)
  expect(lost.body).not.toHaveProperty('thinking')
  expect(lost.ignored).toEqual(['budget_tokens'])
})

test('does not think before a tool that must be called', () => {
  const asked = { tools: [TOOL], toolChoice: { type: 'required' } as const }
  const newer = encode({ ...asked, reasoning: { effort: 'high' } })
  expect(newer.body).not.toHaveProperty('thinking')
  expect(newer.body).toHaveProperty('output_config', { effort: 'high' })
  const older = encode({ ...asked, reasoning: { effort: 'high' } }, { model: 'claude-haiku-4-5' })
  expect(older.body).not.toHaveProperty('thinking')
  expect(older.ignored).toEqual(['reasoning_effort'])
})

test('a tool without arguments has the schema that is demanded', () => {
  expect(encode({ tools: [TOOL] }).body).toMatchObject({
    tools: [{ name: 'open_gate', input_schema: { type: 'object' } }],
  })
})

test('a choice among no tools is left out', () => {
  const { body } = encode({ toolChoice: { type: 'auto' }, parallelToolCalls: false })
  expect(body).not.toHaveProperty('tools')
  expect(body).not.toHaveProperty('tool_choice')
})

test.each<[string, Partial<ChatRequest>, object | undefined]>([
  ['some', { parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
  ['none', { parallelToolCalls: false, toolChoice: { type: 'none' } }, { type: 'none' }],
  ['any', { parallelToolCalls: true, toolChoice: { type: 'required' } }, { type: 'any' }],
])('one call at a time, of %s', (_what, asked, expected) => {
  expect(encode({ tools: [TOOL], ...asked }).body).toHaveProperty('tool_choice', expected)
})

test('leaves out what says nothing', () => {
  const messages: Message[] = [
    { role: 'system', parts: [{ type: 'text', text: ' ' }] },
    says('hi'),
    { role: 'assistant', parts: [{ type: 'text', text: '' }] },
    says('there'),
  ]
  const { body } = encode({ messages })
  expect(body).not.toHaveProperty('system')
  expect(body).toHaveProperty('messages', [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'hi' },
        { type: 'text', text: 'there' },
      ],
    },
  ])
})

test('leaves out the thoughts of another model, and says its refusals', () => {
  const parts = [
    { type: 'reasoning', text: 'Hm.' },
    { type: 'refusal', text: 'No.' },
  ] as const
  const { body } = encode({ messages: [says('hi'), { role: 'assistant', parts }] })
  expect(body).toHaveProperty('messages[1].content', [{ type: 'text', text: 'No.' }])
})

test.each([
  ['text/csv', 'Z3LDvG4=', { type: 'text', media_type: 'text/plain', data: 'grün' }],
  ['application/pdf', 'JVBE', { type: 'base64', media_type: 'application/pdf', data: 'JVBE' }],
])('sends a file of %s', (mediaType, data, expected) => {
  const source = { type: 'base64', mediaType, data } as const
  const messages: Message[] = [{ role: 'user', parts: [{ type: 'file', source }] }]
  expect(encode({ messages }).body).toHaveProperty('messages[0].content[0].source', expected)
})

test('knows an image by its usual wrong name', () => {
  const source = { type: 'base64', mediaType: 'image/jpg', data: 'x' } as const
  const messages: Message[] = [{ role: 'user', parts: [{ type: 'image', source }] }]
  const place = 'messages[0].content[0].source.media_type'
  expect(encode({ messages }).body).toHaveProperty(place, 'image/jpeg')
})

const file = (mediaType: string): Message[] => [
  {
    role: 'user',
    parts: [{ type: 'file', source: { type: 'base64', mediaType, data: 'x' } }],
  },
]
const image = (mediaType: string): Message[] => [
  {
    role: 'user',
    parts: [{ type: 'image', source: { type: 'base64', mediaType, data: 'x' } }],
  },
]
const call = (json: string): Message[] => [
  says('hi'),
  { role: 'assistant', parts: [{ type: 'toolCall', id: 'c', name: 'n', arguments: json }] },
]

test.each<[string, Partial<ChatRequest>, string]>([
  ['no message', { messages: [] }, 'messages'],
  ['only instructions', { messages: [{ role: 'system', parts: [] }] }, 'messages'],
  ['a file of a strange type', { messages: file('application/zip') }, 'messages'],
  ['an image of a strange type', { messages: image('image/tiff') }, 'messages'],
  ['arguments that are cut', { messages: call('{"gate":') }, 'messages'],
  ['arguments that are a list', { messages: call('[]') }, 'messages'],
  ['arguments that are null', { messages: call('null') }, 'messages'],
  ['a stop sequence of spaces', { stop: ['END', '\n\n'] }, 'stop'],
])('has no words for %s', (_what, asked, param) => {
  const fault = findFault(asked)
  expect(fault).toBeInstanceOf(RequestFault)
  expect(fault).toHaveProperty('param', param)
})

test('counts what the model is to go by, and nothing else', () => {
  const request: ChatRequest = {
    messages: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }, says('hi')],
    tools: [TOOL],
    reasoning: { effort: 'low' },
    maxTokens: 5,
    temperature: 1,
    user: 'user-17',
    stop: ['END'],
    unknown: [],
  }
  const encoded = encodeCount(request, { model: 'claude-opus-5', hasStreamOptions: true })
  expect(encoded).toEqual({
    path: '/v1/messages/count_tokens',
    headers: ['anthropic-version', '2023-06-01'],
    body: {
      model: 'claude-opus-5',
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      tools: [{ name: 'open_gate', input_schema: { type: 'object' } }],
      thinking: ADAPTIVE,
      output_config: { effort: 'low' },
    },
    ignored: [],
  })
})
