import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChatRequest, Message } from '../chat/request.ts'
import { toAnswerKey, toGroupKey } from './cache-key.ts'
import { createCall, type TestCall, toBody } from './testing/calls.ts'

const options = { rule: { ttlMs: 1000, per: 'Tenant' as const }, label: 'shop/gpt' }

const toKey = (call: TestCall = {}, others: Partial<typeof options> = {}) =>
  toAnswerKey({ ...options, ...others }, createCall(call))

/** What could be taken for the mark between two names, or for another name. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a') },
  fc.constantFrom('"', '\\', '","', 'null', 'Tenant', 'a",null,"a', '\ud800', '\udc00'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const asker = fc.record({
  per: fc.constantFrom('Tenant' as const, 'Consumer' as const),
  name,
  tenant: fc.option(name, { nil: undefined }),
  label: name,
})

test('scopes share a key only if they are the same, whatever names hold', () => {
  fc.assert(
    fc.property(asker, asker, (one, other) => {
      const [key, otherKey] = [one, other].map(({ per, name, tenant, label }) =>
        toAnswerKey(
          { rule: { ttlMs: 1000, per }, label },
          createCall({ consumer: { name, ...(tenant !== undefined && { tenant }) } }),
        ),
      )
      const isSame =
        one.per === other.per &&
        one.label === other.label &&
        one.tenant === other.tenant &&
        (one.per === 'Tenant' || one.name === other.name)
      expect(key === otherKey).toBe(isSame)
    }),
    { numRuns: 2000 },
  )
})

const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })
const tool = { name: 'open', parameters: { type: 'object', properties: { gate: {}, when: {} } } }

const REQUEST: ChatRequest = {
  messages: [user('hi')],
  tools: [tool],
  toolChoice: { type: 'auto' },
  parallelToolCalls: true,
  output: { type: 'json' },
  reasoning: { effort: 'low' },
  maxTokens: 7,
  temperature: 0.5,
  topP: 0.5,
  topK: 5,
  stop: ['END', 'STOP'],
  seed: 1,
  presencePenalty: 0.1,
  frequencyPenalty: 0.1,
  user: 'u1',
  unknown: [],
}

/** Another value of each field that an answer depends on. */
const OTHERS: Required<Omit<ChatRequest, 'user' | 'unknown'>> = {
  messages: [user('ho')],
  tools: [{ ...tool, description: 'Opens a gate.' }],
  toolChoice: { type: 'required' },
  parallelToolCalls: false,
  output: { type: 'schema', name: 'answer', schema: {} },
  reasoning: { effort: 'low', budgetTokens: 1024 },
  maxTokens: 8,
  temperature: 0,
  topP: 1,
  topK: 6,
  stop: ['STOP', 'END'],
  seed: 2,
  presencePenalty: 0.2,
  frequencyPenalty: 0.2,
}

/** What stands for nothing; fields that are not listed are left out. */
const NONE: Record<string, unknown> = { messages: [], tools: [] }

test.each(Object.entries(OTHERS))(
  'another %s is another question, and so is none',
  (field, value) => {
    const key = toKey({ request: REQUEST })
    expect(toKey({ request: { ...REQUEST, [field]: value } })).not.toBe(key)
    expect(toKey({ request: { ...REQUEST, [field]: NONE[field] } })).not.toBe(key)
  },
)

const text = { type: 'text', text: 'hi' } as const
const toImage = (data: string) =>
  ({ type: 'image', source: { type: 'base64', mediaType: 'image/png', data } }) as const

test('messages that say the same otherwise are each another question', () => {
  const questions: Message[][] = [
    [user('hi')],
    [user('hi'), user('hi')],
    [{ role: 'system', parts: [text] }],
    [{ role: 'assistant', parts: [text] }],
    [
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'h' },
          { type: 'text', text: 'i' },
        ],
      },
    ],
    [{ role: 'user', parts: [text, toImage('a')] }],
    [{ role: 'user', parts: [text, toImage('b')] }],
    [{ role: 'tool', results: [{ callId: 'c1', parts: [text] }] }],
    [{ role: 'tool', results: [{ callId: 'c2', parts: [text] }] }],
  ]
  const keys = questions.map((messages) => toKey({ request: { ...REQUEST, messages } }))
  expect(new Set(keys).size).toBe(questions.length)
})

test('the caller’s own user does not matter', () => {
  expect(toKey({ request: { ...REQUEST, user: 'u2' } })).toBe(toKey({ request: REQUEST }))
})

test('neither do the order of members, a stream, nor how a text is written', () => {
  const parts = [{ text: 'hi', type: 'text' }]
  const key = toKey({ body: toBody('hi', { seed: 1, temperature: 0 }) })
  expect(toKey({ body: toBody('hi', { temperature: 0, seed: 1, stream: true }) })).toBe(key)
  const other = { messages: [{ content: parts, role: 'user' }], stream_options: { a: 1 } }
  expect(toKey({ body: { seed: 1, ...other, temperature: 0, model: 'x' } })).toBe(key)
})

test.each([
  ['another value', '{"logit_bias":{"7":1}}', '{"logit_bias":{"7":2}}'],
  ['no value', '{"logit_bias":{"7":1}}', '{"logit_bias":null}'],
  ['another name', '{"store":true}', '{"background":true}'],
  ['another value of __proto__', '{"a":0,"__proto__":1}', '{"a":0,"__proto__":2}'],
])('%s of a field that is not known makes another question', (_what, one, other) => {
  const toFieldKey = (json: string) =>
    toKey({ body: JSON.parse(json.replace('{', '{"messages":[{"role":"user","content":"hi"}],')) })
  expect(toFieldKey(one)).not.toBe(toFieldKey(other))
})

test.each([
  ['within a member', 'output_config.detail', { output_config: { detail: 1 } }, 2],
  ['within messages', 'detail', { messages: [{ content: [{ detail: 1 }] }] }, 2],
])('a field that is not known matters %s', (_what, unknown, values, other) => {
  const request = { ...REQUEST, unknown: [unknown] }
  const json = JSON.stringify(values)
  const toValueKey = (text: string) => toKey({ request, body: JSON.parse(text) })
  expect(toValueKey(json)).not.toBe(toValueKey(json.replace('1', String(other))))
  expect(toValueKey(json)).toBe(toValueKey(json.replace('{', '{"stream":true,')))
})

test('the name of a field that is not known matters too', () => {
  expect(toKey({ request: { ...REQUEST, unknown: ['a', 'b'] } })).not.toBe(
    toKey({ request: { ...REQUEST, unknown: ['a'] } }),
  )
  expect(toKey({ request: { ...REQUEST, unknown: ['a', 'b'] } })).toBe(
    toKey({ request: { ...REQUEST, unknown: ['b', 'a'] } }),
  )
})

test('a call that is nested too deep, or not valid, has no key', () => {
  const depth = 200_000
  const deep = JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  expect(
    toKey({ request: { ...REQUEST, tools: [{ name: 'a', parameters: deep }] } }),
  ).toBeUndefined()
  expect(toKey({ body: { ...toBody(), unknown_field: deep } })).toBeUndefined()
  expect(toKey({ body: { messages: [{ role: 'nobody' }] } })).toBeUndefined()
})

test('a group is of calls that differ in their last message only', () => {
  const toGroup = (request: ChatRequest, model = 'embeddings') =>
    toGroupKey(
      { ...options, rule: { ...options.rule, semantic: { model, threshold: 1 } } },
      createCall({ request }),
    )
  const asked = { ...REQUEST, messages: [user('first'), user('hi')] }
  const group = toGroup(asked)
  expect(toGroup({ ...asked, messages: [user('first'), user('ho')] })).toBe(group)
  expect(toGroup({ ...asked, messages: [user('other'), user('hi')] })).not.toBe(group)
  expect(toGroup({ ...asked, messages: [user('hi')] })).not.toBe(group)
  expect(toGroup(asked, 'others')).not.toBe(group)
  for (const [field, value] of Object.entries(OTHERS)) {
    if (field !== 'messages') expect(toGroup({ ...asked, [field]: value })).not.toBe(group)
  }
})
