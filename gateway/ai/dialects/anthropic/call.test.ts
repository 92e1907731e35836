import { expect, test } from 'vitest'
import { type ModelSpec, modelFragment } from '#test/fixtures/models.ts'
import { AiProblem } from '../../ai-problem.ts'
import { readMessagesCall, toMessagesBody } from './call.ts'

const read = (body: object | string) =>
  readMessagesCall(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

const messages = [{ role: 'user', content: 'hi' }]
const small = { model: 'm', messages }

const send = (body: object | string, spec: ModelSpec = {}) => {
  const call = read(body)
  if (call instanceof AiProblem) throw new Error(call.message)
  return toMessagesBody(call, modelFragment({ model: 'real', ...spec }).spec).toString()
}

test.each([
  ['no JSON', '{', 'invalid_json', undefined],
  ['a string that does not end', '{"model', 'invalid_json', undefined],
  ['a list', '[]', 'invalid_json', undefined],
  ['null', 'null', 'invalid_json', undefined],
  ['two models', '{"model":"a","model":"b","messages":[1]}', 'invalid_json', undefined],
  ['a model in other letters', { ...small, Model: 'x' }, 'invalid_json', undefined],
  ['a limit in other letters', { ...small, 'MAX_TO\u212aENS': 1 }, 'invalid_json', undefined],
  ['no model', { messages }, 'missing_value', 'model'],
  ['a model that is no string', { ...small, model: 1 }, 'invalid_value', 'model'],
  ['a model without a name', { ...small, model: '' }, 'invalid_value', 'model'],
  ['no messages', { model: 'm' }, 'missing_value', 'messages'],
  ['no message', { ...small, messages: [] }, 'invalid_value', 'messages'],
  ['messages that are no list', { ...small, messages: 'hi' }, 'invalid_value', 'messages'],
  ['stream that is no boolean', { ...small, stream: 'yes' }, 'invalid_value', 'stream'],
  ['a count that is none', { ...small, max_tokens: 1.5 }, 'invalid_value', 'max_tokens'],
  ['a count below nothing', { ...small, max_tokens: -1 }, 'invalid_value', 'max_tokens'],
])('refuses %s', (_what, body, code, param) => {
  expect(read(body)).toMatchObject({ code, param, status: 400 })
})

const withBlock = (block: object) => ({ ...small, messages: [{ role: 'user', content: [block] }] })

test.each([
  ['a tool', { type: 'tool_use', input: { file_id: 'f', deep: [{ container_id: 'c' }] } }],
  ['a tool of the provider', { type: 'server_tool_use', input: { skill_id: 's' } }],
])('takes arguments of any name for %s', (_what, block) => {
  expect(read(withBlock(block))).toHaveProperty('model', 'm')
})

test.each([
  ['source.file_id', { type: 'document', source: { type: 'file', file_id: 'f' } }],
  ['input.file_id', { type: 'document', input: { file_id: 'f' } }],
  ['file_id', { type: 'tool_use', input: {}, file_id: 'f' }],
])('refuses what is stored at the provider: %s', (name, block) => {
  const param = `messages[0].content[0].${name}`
  expect(read(withBlock(block))).toMatchObject({ code: 'invalid_value', param })
})

test('refuses more values than memory is worth', () => {
  const text = `{"model":"m","messages":[${'{},'.repeat(600_000)}{}]}`
  expect(read(text)).toMatchObject({ code: 'request_too_large', status: 413 })
})

test('takes messages that are deep', () => {
  const deep = `${'['.repeat(250)}${']'.repeat(250)}`
  const text = `{"model":"m","messages":[${deep}]}`
  expect(send(text)).toBe(text.replace('"m"', '"real"'))
})

test('changes the name of the model and leaves every other byte', () => {
  const body = '{ "messages":[{"role":"user","content":"\\u00e4"}], "top_k":1e1 ,"model":"m" }'
  expect(send(body)).toBe(body.replace('"m"', '"real"'))
})

test.each<[string, object, ModelSpec, object]>([
  ['the limit, where none is asked for', {}, { maxTokens: 9 }, { max_tokens: 9 }],
  ['the limit in place of nothing', { max_tokens: null }, { maxTokens: 9 }, { max_tokens: 9 }],
  ['what is asked for', { max_tokens: 3 }, { maxTokens: 9 }, { max_tokens: 3 }],
  ['none at all', { max_tokens: 0 }, { maxTokens: 9 }, { max_tokens: 0 }],
  ['nothing, where nobody says anything', {}, {}, {}],
])('sends %s', (_what, asked, spec, expected) => {
  expect(JSON.parse(send({ ...small, ...asked }, spec))).toEqual({
    model: 'real',
    messages,
    ...expected,
  })
})

test.each([
  [{ stream: true, max_tokens: 5 }, true, 5],
  [{ stream: null, max_tokens: null }, false, undefined],
  [{}, false, undefined],
])('reads %j', (members, isStream, maxTokens) => {
  expect(read({ ...small, ...members })).toMatchObject({ model: 'm', isStream, maxTokens })
})
