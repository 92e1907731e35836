import { expect, test } from 'vitest'
import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import type { CompiledVariables } from '#config/compiled/prompt-variable.ts'
import { RequestFault } from '../chat/request-fault.ts'
import { renderPrompt } from './render.ts'

const texts = { minLength: 0, maxLength: 10 }

const variables: CompiledVariables = [
  { name: 'city', required: true, type: 'String', ...texts, minLength: 2, pattern: '[A-Z].*' },
  { name: 'mood', required: false, type: 'String', ...texts, enum: ['calm', 'glad'] },
  { name: 'days', required: false, type: 'Integer', minimum: 1, maximum: 14, default: 3 },
  { name: 'budget', required: false, type: 'Number', minimum: 0.5 },
  { name: 'children', required: false, type: 'Boolean', default: false },
  { name: 'likes', required: false, type: 'List', ...texts, maxItems: 3, default: ['sea'] },
]

const names = variables.map(({ name }) => name)

const version: CompiledPromptVersion = {
  name: 'v1',
  weight: 1,
  model: 'm',
  messages: [
    { role: 'system', segments: [{ text: 'You plan trips.' }] },
    {
      role: 'user',
      segments: names.flatMap((variable) => [{ variable }, { text: '|' }]),
    },
  ],
  settings: { maxTokens: 5, temperature: 0.5, topP: 1, stop: ['END'] },
  output: { name: 'trip', schema: { type: 'object' }, repair: true },
}

const render = (values: unknown) => {
  const { messages } = renderPrompt(version, variables, values)
  const part = messages[1]?.role === 'user' ? messages[1].parts[0] : undefined
  return part?.type === 'text' ? part.text : undefined
}

test('a request has what the version says', () => {
  expect(renderPrompt(version, variables, { city: 'Rome' })).toEqual({
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'You plan trips.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Rome||3||false|sea|' }] },
    ],
    tools: [],
    output: { type: 'schema', name: 'trip', schema: { type: 'object' } },
    maxTokens: 5,
    temperature: 0.5,
    topP: 1,
    stop: ['END'],
    unknown: [],
  })
})

test('a request has no more than the version says', () => {
  const { output, ...plain } = version
  const request = renderPrompt({ ...plain, settings: {} }, variables, { city: 'Rome' })
  expect(Object.keys(request)).toEqual(['messages', 'tools', 'unknown'])
})

test.each([
  [{ days: 14 }, 'Rome||14||false|sea|'],
  [{ days: null, mood: null }, 'Rome||3||false|sea|'],
  [{ mood: 'glad', budget: 1e21, children: true }, 'Rome|glad|3|1e+21|true|sea|'],
  [{ budget: 0.5, likes: ['a, b', '', 'c'] }, 'Rome||3|0.5|false|a, b, , c|'],
  [{ likes: [] }, 'Rome||3||false||'],
  [{ city: 'Ä😀😀😀😀😀😀😀😀😀' }, undefined],
  [{ city: 'R😀😀😀😀😀😀😀😀😀' }, 'R😀😀😀😀😀😀😀😀😀||3||false|sea|'],
])('%j is %j', (values, text) => {
  if (text === undefined) expect(() => render(values)).toThrow(RequestFault)
  else expect(render({ city: 'Rome', ...values })).toBe(text)
})

test.each([
  ['nothing', undefined, 'variables.city', 'Missing required'],
  ['null', null, 'variables.city', 'Missing required'],
  ['a null', { city: null }, 'variables.city', 'Missing required'],
  ['a list', [], 'variables', 'must be an object'],
  ['a text', 'Rome', 'variables', 'must be an object'],
  ['an unknown name', { city: 'Rome', town: 'x' }, 'variables.town', 'no variable'],
  ['__proto__', JSON.parse('{"city":"Rome","__proto__":1}'), 'variables.__proto__', 'no variable'],
  ['a name of every object', { city: 'Rome', toString: 'x' }, 'variables.toString', 'no variable'],
  ['no text', { city: 1 }, 'variables.city', 'must be a string'],
  ['a text that is too short', { city: 'R' }, 'variables.city', 'at least 2 characters'],
  ['one character of two places', { city: '😀' }, 'variables.city', 'at least 2 characters'],
  ['a text that is too long', { city: 'R'.repeat(11) }, 'variables.city', 'at most 10'],
  ['a text that is far too long', { city: 'R'.repeat(99) }, 'variables.city', 'at most 10'],
  ['another pattern', { city: 'rome' }, 'variables.city', 'must match [A-Z].*'],
  ['a value of no enum', { city: 'Rome', mood: 'sad' }, 'variables.mood', 'one of: calm, glad'],
  ['a number as a text', { city: 'Rome', days: '3' }, 'variables.days', 'must be an integer'],
  ['a fraction', { city: 'Rome', days: 1.5 }, 'variables.days', 'must be an integer'],
  ['more than numbers can say', { city: 'Rome', days: 2 ** 53 }, 'variables.days', 'an integer'],
  ['too small a number', { city: 'Rome', days: 0 }, 'variables.days', 'at least 1'],
  ['too great a number', { city: 'Rome', days: 15 }, 'variables.days', 'at most 14'],
  ['no number', JSON.parse('{"city":"Rome","budget":1e999}'), 'variables.budget', 'a number'],
  ['0 for false', { city: 'Rome', children: 0 }, 'variables.children', 'true or false'],
  ['a text as a list', { city: 'Rome', likes: 'sea' }, 'variables.likes', 'a list of strings'],
  ['a list in a list', { city: 'Rome', likes: ['a', ['b']] }, 'variables.likes', 'at [1] must be'],
  ['a list too long', { city: 'Rome', likes: ['', '', '', ''] }, 'variables.likes', 'at most 3'],
])('refuses %s', (_what, values, param, message) => {
  expect(() => render(values)).toThrow(
    expect.objectContaining({
      name: 'RequestFault',
      param,
      message: expect.stringContaining(message),
    }),
  )
})

test('a fault does not repeat a long name', () => {
  expect(() => render({ ['x'.repeat(1000)]: 1 })).toThrow(
    expect.objectContaining({ param: `variables.${'x'.repeat(64)}...` }),
  )
})

test('a long value that stands there often is refused before it is repeated', () => {
  const segments = Array.from({ length: 100_000 }, () => ({ variable: 'text' }))
  const long: CompiledVariables = [
    { name: 'text', required: true, type: 'String', minLength: 0, maxLength: 1_048_576 },
  ]
  const often = { ...version, messages: [{ role: 'user' as const, segments }] }
  expect(() => renderPrompt(often, long, { text: 'x'.repeat(1_048_576) })).toThrow(
    expect.objectContaining({ param: 'variables' }),
  )
})
