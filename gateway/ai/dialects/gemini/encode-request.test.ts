import { expect, test } from 'vitest'
import type { AssistantPart, ChatRequest, Message, Reasoning } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { encodeCountRequest, encodeRequest } from './encode-request.ts'

const model = { model: 'gemini-3.7-flash', hasStreamOptions: false }
const older = { ...model, model: 'gemini-2.5-pro' }

const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'hello' }] }

const toRequest = (members: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [hello],
  tools: [],
  unknown: [],
  ...members,
})

const call = (id: string): AssistantPart => ({
  type: 'toolCall',
  id,
  name: 'open_gate',
  arguments: '{}',
})

test('signs the calls of later models alone', () => {
  const request = toRequest({ messages: [hello, { role: 'assistant', parts: [call('a')] }] })
  const lost = { thoughtSignature: 'skip_thought_signature_validator' }
  expect(encodeRequest(request, model).body).toMatchObject({ contents: [{}, { parts: [lost] }] })
  expect(encodeRequest(request, older).body).not.toMatchObject({
    contents: [{}, { parts: [lost] }],
  })
})

test('names the tool beside its result, and sends its images', () => {
  const messages: Message[] = [
    hello,
    { role: 'assistant', parts: [call('a')] },
    {
      role: 'tool',
      results: [
        {
          callId: 'a',
          parts: [
            { type: 'text', text: 'one' },
            { type: 'text', text: 'two' },
            { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
          ],
        },
      ],
    },
  ]
  expect(encodeRequest(toRequest({ messages }), model).body).toMatchObject({
    contents: [
      {},
      {},
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              id: 'a',
              name: 'open_gate',
              response: { output: 'one\ntwo' },
              parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }],
            },
          },
        ],
      },
    ],
  })
})

test('puts the results of calls side by side in one content', () => {
  const results = ['a', 'b'].map((callId) => ({ callId, parts: [] }))
  const messages: Message[] = [
    hello,
    { role: 'assistant', parts: [call('a')] },
    { role: 'assistant', parts: [call('b')] },
    ...results.map((result): Message => ({ role: 'tool', results: [result] })),
  ]
  const { body } = encodeRequest(toRequest({ messages }), older)
  expect(body).toMatchObject({
    contents: [{}, { parts: [{}, {}] }, { parts: [{}, {}] }],
  })
})

test.each<[string, readonly Message[], string]>([
  [
    'a result without its call',
    [hello, { role: 'tool', results: [{ callId: 'a', parts: [] }] }],
    'No tool call before its result has the id "a".',
  ],
  [
    'instructions alone',
    [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }],
    'This provider needs a message that is no instruction.',
  ],
])('refuses %s', (_what, messages, message) => {
  const encode = () => encodeRequest(toRequest({ messages }), model)
  expect(encode).toThrow(RequestFault)
  expect(encode).toThrow(message)
})

test.each<[string, Reasoning, object]>([
  ['gemini-3.7-flash', { effort: 'medium' }, { thinkingLevel: 'MEDIUM', includeThoughts: true }],
  ['gemini-3.7-flash', { effort: 'none' }, { thinkingLevel: 'LOW', includeThoughts: false }],
  [
    'gemini-3.7-flash',
    { effort: 'max', budgetTokens: 9 },
    { thinkingLevel: 'HIGH', includeThoughts: true },
  ],
  ['gemini-3.7-flash', { budgetTokens: 9 }, { thinkingBudget: 9, includeThoughts: true }],
  ['gemini-flash-latest', { effort: 'low' }, { thinkingLevel: 'LOW', includeThoughts: true }],
  ['gemini-2.5-pro', { effort: 'low' }, { thinkingBudget: 1024, includeThoughts: true }],
  ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 0, includeThoughts: false }],
  [
    'gemini-2.5-pro',
    { effort: 'low', budgetTokens: 9 },
    { thinkingBudget: 9, includeThoughts: true },
  ],
])('tells %s how much to think: %j', (name, reasoning, thinkingConfig) => {
  const { body } = encodeRequest(toRequest({ reasoning }), { ...model, model: name })
  expect(body).toMatchObject({ generationConfig: { thinkingConfig } })
})

test('says that a model thinks all the same', () => {
  const request = toRequest({ reasoning: { effort: 'none' }, unknown: ['logit_bias'] })
  expect(encodeRequest(request, model).ignored).toEqual(['reasoning_effort', 'logit_bias'])
  expect(encodeRequest(request, older).ignored).toEqual(['logit_bias'])
})

test.each([
  ['https://example.com/a/gate.PDF?x=.png', 'application/pdf'],
  ['https://example.com/a.b/gate', undefined],
  ['gs://bucket/gate.webp', 'image/webp'],
])('guesses the type of %s', (url, mimeType) => {
  const file = { type: 'file', source: { type: 'url', url } } as const
  const { body } = encodeRequest(toRequest({ messages: [{ role: 'user', parts: [file] }] }), model)
  expect(body).toMatchObject({
    contents: [{ parts: [{ fileData: { fileUri: url, mimeType } }] }],
  })
})

test('limits the output as the model does where nothing is asked for', () => {
  const limited = { ...model, maxTokens: 9 }
  const encode = (request: ChatRequest) => encodeRequest(request, limited).body
  expect(encode(toRequest())).toMatchObject({ generationConfig: { maxOutputTokens: 9 } })
  expect(encode(toRequest({ maxTokens: 3 }))).toMatchObject({
    generationConfig: { maxOutputTokens: 3 },
  })
})

test('keeps the name of a model within its segment of the path', () => {
  const { path } = encodeRequest(toRequest(), { ...model, model: '../a?b' })
  expect(path).toBe('/v1beta/models/..%2Fa%3Fb:generateContent')
})

test('sends no choice among no tools', () => {
  const { body } = encodeRequest(toRequest({ toolChoice: { type: 'auto' } }), model)
  expect(body).not.toHaveProperty('toolConfig')
})

test('counts the tokens of all that would be sent', () => {
  const tools = [{ name: 'open_gate', parameters: { type: 'object' } }]
  const request = toRequest({ tools })
  const { path, body } = encodeCountRequest(request, model)
  expect(path).toBe('/v1beta/models/gemini-3.7-flash:countTokens')
  expect(body).toEqual({
    generateContentRequest: {
      model: 'models/gemini-3.7-flash',
      ...encodeRequest(request, model).body,
    },
  })
})
