import { expect, test } from 'vitest'
import { type ModelSpec, modelFragment } from '#test/fixtures/models.ts'
import { AiProblem } from '../../ai-problem.ts'
import { type Operation, readCall, toBody } from './call.ts'

const read = (body: object | string, operation: Operation = 'chat') =>
  readCall(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), operation)

const messages = [{ role: 'user', content: 'hi' }]
const chat = { model: 'm', messages }

const send = (body: object | string, spec: ModelSpec = {}) => {
  const call = read(body)
  if (call instanceof AiProblem) throw new Error(call.message)
  return toBody(call, modelFragment({ model: 'real', ...spec }).spec).toString()
}

test.each([
  ['no JSON', '{', 'invalid_json', undefined],
  ['a list', '[]', 'invalid_json', undefined],
  ['null', 'null', 'invalid_json', undefined],
  ['two models', '{"model":"a","model":"b","messages":[1]}', 'invalid_json', undefined],
  ['no model', { messages }, 'missing_value', 'model'],
  ['a model that is no string', { ...chat, model: 1 }, 'invalid_value', 'model'],
  ['no messages', { model: 'm' }, 'missing_value', 'messages'],
  ['no message', { ...chat, messages: [] }, 'invalid_value', 'messages'],
  ['messages that are no list', { ...chat, messages: 'hi' }, 'invalid_value', 'messages'],
  ['stream that is no boolean', { ...chat, stream: 'yes' }, 'invalid_value', 'stream'],
  ['options that are no object', { ...chat, stream_options: 1 }, 'invalid_value', 'stream_options'],
  ['a count that is none', { ...chat, max_tokens: 1.5 }, 'invalid_value', 'max_tokens'],
  [
    'two counts',
    { ...chat, max_tokens: 1, max_completion_tokens: 1 },
    'invalid_value',
    'max_tokens',
  ],
  ['a model in other letters', { ...chat, Model: 'x' }, 'invalid_json', undefined],
  ['a limit in other letters', { ...chat, 'MAX_TO\u212aENS': 1 }, 'invalid_json', undefined],
  [
    'a usage asked for twice',
    '{"model":"m","messages":[1],"stream_options":{"include_usage":true,"include_usage":false}}',
    'invalid_json',
    undefined,
  ],
  ['a count of nothing', { ...chat, max_tokens: 0 }, 'invalid_value', 'max_tokens'],
])('refuses %s', (_what, body, code, param) => {
  expect(read(body)).toMatchObject({ code, param, status: 400 })
})

test.each([
  [
    'content[0].file.file_id',
    { role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] },
  ],
  ['audio', { role: 'assistant', audio: { id: 'audio_1' } }],
])('refuses what is stored at the provider: %s', (name, message) => {
  const param = `messages[0].${name}`
  expect(read({ ...chat, messages: [message] })).toMatchObject({ code: 'invalid_value', param })
})

test.each([
  ['audio of nothing', { role: 'assistant', content: 'hi', audio: null }],
  ['a file as it is', { role: 'user', content: [{ type: 'file', file: { file_data: 'x' } }] }],
])('takes %s', (_what, message) => {
  expect(read({ ...chat, messages: [message] })).toHaveProperty('model', 'm')
})

test('lets the provider store nothing', () => {
  expect(send({ ...chat, store: true })).toContain('"store":false')
  expect(send(chat)).not.toContain('store')
})

test('takes options that are deep', () => {
  const deep = `${'['.repeat(250)}${']'.repeat(250)}`
  const text = `{"model":"m","messages":[1],"stream":true,"stream_options":{"a":${deep}}}`
  expect(send(text)).toContain(`"stream_options":{"include_usage":true,"a":${deep}}`)
})

test('refuses more values than memory is worth', () => {
  const text = `{"model":"m","messages":[${'{},'.repeat(600_000)}{}]}`
  expect(read(text)).toMatchObject({ code: 'request_too_large', status: 413 })
})

test('embeddings need an input, not messages', () => {
  expect(read(chat, 'embeddings')).toMatchObject({ code: 'missing_value', param: 'input' })
  expect(read({ model: 'm', input: 'x' }, 'embeddings')).toMatchObject({ model: 'm' })
})

test('changes the name of the model and leaves every other byte', () => {
  const body = '{ "messages":[{"role":"user","content":"\\u00e4"}], "seed":1e2 ,"model":"m" }'
  expect(send(body)).toBe(body.replace('"m"', '"real"'))
})

test('asks for the usage of a stream', () => {
  const sent = JSON.parse(send({ ...chat, stream: true, stream_options: { other: 1 } }))
  expect(sent.stream_options).toEqual({ other: 1, include_usage: true })
})

test('asks for no usage where the provider knows no such option', () => {
  const sent = send({ ...chat, stream: true }, { hasStreamOptions: false })
  expect(JSON.parse(sent)).not.toHaveProperty('stream_options')
})

const OLD = { maxTokensField: 'max_tokens' } as const
const NEW = { maxTokensField: 'max_completion_tokens' } as const

test.each<[string, object, ModelSpec, object]>([
  ['the limit, where none is asked for', {}, { maxTokens: 9 }, { max_tokens: 9 }],
  ['it by its only name', {}, { maxTokens: 9, ...NEW }, { max_completion_tokens: 9 }],
  ['what is asked for', { max_tokens: 3 }, { maxTokens: 9 }, { max_tokens: 3 }],
  ['the other name', { max_tokens: 3 }, NEW, { max_completion_tokens: 3 }],
  ['the older name', { max_completion_tokens: 3 }, OLD, { max_tokens: 3 }],
  ['either, as it came', { max_completion_tokens: 3 }, {}, { max_completion_tokens: 3 }],
  [
    'it in place of nothing',
    { max_completion_tokens: 3, max_tokens: null },
    OLD,
    { max_completion_tokens: null, max_tokens: 3 },
  ],
  ['the limit in place of nothing', { max_tokens: null }, { maxTokens: 9 }, { max_tokens: 9 }],
])('sends %s', (_what, asked, spec, expected) => {
  expect(JSON.parse(send({ ...chat, ...asked }, spec))).toEqual({
    model: 'real',
    messages,
    ...expected,
  })
})

test('asks for no usage where nothing is streamed: some providers refuse that', () => {
  expect(JSON.parse(send(chat))).not.toHaveProperty('stream_options')
})

test.each([
  [{ max_tokens: 5 }, 5],
  [{ max_completion_tokens: 6, max_tokens: null }, 6],
  [{ max_tokens: null }, undefined],
  [{}, undefined],
])('reads how many tokens are asked for: %j', (members, expected) => {
  expect(read({ ...chat, ...members })).toMatchObject({ maxTokens: expected })
})

test('knows whether a stream shall tell its usage', () => {
  const options = { stream: true, stream_options: { include_usage: true } }
  expect(read({ ...chat, ...options })).toMatchObject({ isStream: true, wantsUsage: true })
  expect(read({ ...chat, stream: true })).toMatchObject({ isStream: true, wantsUsage: false })
  expect(read({ ...chat, stream: null })).toMatchObject({ isStream: false })
})
