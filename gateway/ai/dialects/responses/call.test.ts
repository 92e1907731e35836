import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ModelSpec, modelFragment } from '#test/fixtures/models.ts'
import { AiProblem } from '../../ai-problem.ts'
import { readResponsesCall, toResponsesBody } from './call.ts'

const read = (body: object | string) =>
  readResponsesCall(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

const send = (body: object | string, spec: ModelSpec = {}) => {
  const call = read(body)
  if (call instanceof AiProblem) throw new Error(call.message)
  return toResponsesBody(call, modelFragment({ model: 'real', ...spec }).spec).toString()
}

const ask = { model: 'm', input: 'hi' }
const user = { role: 'user', content: 'hi' }
const withTool = (tool: object) => ({ ...ask, tools: [{ type: 'function', name: 'f' }, tool] })

test.each([
  ['no JSON', '{', 'invalid_json', undefined],
  ['a list', '[]', 'invalid_json', undefined],
  ['null', 'null', 'invalid_json', undefined],
  ['two models', '{"model":"a","model":"b","input":"x"}', 'invalid_json', undefined],
  ['a name in other letters', { ...ask, Previous_Response_Id: 'x' }, 'invalid_json', undefined],
  ['no model', { input: 'hi' }, 'missing_value', 'model'],
  ['a model that is no string', { ...ask, model: 1 }, 'invalid_value', 'model'],
  ['no input', { model: 'm' }, 'missing_value', 'input'],
  ['no item', { ...ask, input: [] }, 'invalid_value', 'input'],
  ['input of another kind', { ...ask, input: { a: 1 } }, 'invalid_value', 'input'],
  ['stream that is no boolean', { ...ask, stream: 'yes' }, 'invalid_value', 'stream'],
  ['store that is no boolean', { ...ask, store: 'yes' }, 'invalid_value', 'store'],
  ['background that is no boolean', { ...ask, background: 1 }, 'invalid_value', 'background'],
  ['a count of nothing', { ...ask, max_output_tokens: 0 }, 'invalid_value', 'max_output_tokens'],
])('refuses %s', (_what, body, code, param) => {
  expect(read(body)).toMatchObject({ code, param, status: 400 })
})

test.each<[string, object]>([
  ['previous_response_id', { ...ask, previous_response_id: 'resp_1' }],
  ['conversation', { ...ask, conversation: 'conv_1' }],
  ['prompt', { model: 'm', prompt: { id: 'pmpt_1' } }],
  ['background', { ...ask, background: true }],
  ['input[1].type', { ...ask, input: [user, { type: 'item_reference', id: 'msg_1' }] }],
  ['input[1]', { ...ask, input: [user, { id: 'msg_1' }] }],
  [
    'input[0].content[1].file_id',
    {
      ...ask,
      input: [
        { role: 'user', content: [{ type: 'input_text' }, { type: 'input_file', file_id: 'f' }] },
      ],
    },
  ],
  [
    'input[0].output[0].File_ID',
    { ...ask, input: [{ type: 'function_call_output', output: [{ File_ID: 'f' }] }] },
  ],
  [
    'input[0].container_id',
    { ...ask, input: [{ type: 'code_interpreter_call', container_id: 'cntr_1' }] },
  ],
  ['tools[1].vector_store_ids', withTool({ type: 'file_search', vector_store_ids: ['vs_1'] })],
  ['tools[1].container', withTool({ type: 'code_interpreter', container: 'cntr_1' })],
  [
    'tools[1].container.file_ids',
    withTool({ type: 'code_interpreter', container: { type: 'auto', file_ids: ['f'] } }),
  ],
  [
    'tools[1].environment.skills[0].skill_id',
    withTool({ type: 'shell', environment: { skills: [{ skill_id: 's' }] } }),
  ],
])('refuses what is stored at the provider: %s', (param, body) => {
  expect(read(body)).toMatchObject({ code: 'invalid_value', param, status: 400 })
})

test.each([
  ['null in its place', { ...ask, previous_response_id: null, prompt: null, background: false }],
  ['no files', withTool({ type: 'code_interpreter', container: { type: 'auto', file_ids: [] } })],
  [
    'a schema that uses its names',
    withTool({ type: 'function', parameters: { properties: { file_id: { type: 'string' } } } }),
  ],
  [
    'a citation',
    {
      ...ask,
      input: [{ role: 'assistant', content: [{ text: 'x', annotations: [{ file_id: 'f' }] }] }],
    },
  ],
  ['an item with an id', { ...ask, input: [{ id: 'msg_1', role: 'user', content: 'x' }] }],
])('takes %s', (_what, body) => {
  expect(read(body)).toMatchObject({ model: 'm' })
})

test.each([
  '{"model":"m","input":[{"type":"item_reference","type":"message","id":"msg_1"}]}',
  '{"model":"m","input":[{"role":"user","content":[{"file_id":"f","file_id":null}]}]}',
  '{"model":"m","input":[{"a":{"b":[1,2]},"a":{}}]}',
])('refuses what two readers could read in two ways: %s', (text) => {
  expect(read(text)).toMatchObject({ code: 'invalid_json' })
})

test('finds no name twice where there is none', () => {
  const body = (json: string) => `{"model":"m","input":"x","metadata":${json}}`
  expect(read(body('{"__proto__":{"a":[]},"b":"a,{["}'))).toMatchObject({ model: 'm' })
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
      expect(read(body(JSON.stringify(value, undefined, space)))).toMatchObject({ model: 'm' })
    }),
  )
})

test('takes what is deep, and finds a reference in it', () => {
  const nest = (inner: string) => `${'['.repeat(250)}${inner}${']'.repeat(250)}`
  expect(read(`{"model":"m","input":${nest('')}}`)).toMatchObject({ model: 'm' })
  const found = read(`{"model":"m","input":${nest('{"file_id":"f"}')}}`)
  expect(found).toMatchObject({ code: 'invalid_value' })
})

test('refuses more values than memory is worth', () => {
  const text = `{"model":"m","input":[${'{},'.repeat(600_000)}{}]}`
  expect(read(text)).toMatchObject({ code: 'request_too_large', status: 413 })
})

test('changes the model and what is stored, and leaves every other byte', () => {
  const body = '{ "input":"\\u00e4", "store": true, "top_p":1e0 ,"model":"m" }'
  expect(send(body)).toBe(body.replace('"m"', '"real"').replace('true', 'false'))
})

test.each<[string, object, ModelSpec, object]>([
  ['nothing of a limit, where there is none', {}, {}, {}],
  ['the limit, where none is asked for', {}, { maxTokens: 9 }, { max_output_tokens: 9 }],
  [
    'it in place of nothing',
    { max_output_tokens: null },
    { maxTokens: 9 },
    { max_output_tokens: 9 },
  ],
  [
    'what is asked for',
    { max_output_tokens: 3 },
    { maxTokens: 9, maxTokensField: 'max_tokens' },
    { max_output_tokens: 3 },
  ],
])('sends %s', (_what, asked, spec, expected) => {
  expect(JSON.parse(send({ ...ask, ...asked }, spec))).toEqual({
    model: 'real',
    input: 'hi',
    store: false,
    ...expected,
  })
})

test('reads what is asked for', () => {
  const call = read({ ...ask, stream: true, max_output_tokens: 7 })
  expect(call).toMatchObject({ model: 'm', isStream: true, maxTokens: 7 })
  expect(read({ ...ask, stream: null })).toMatchObject({ isStream: false, maxTokens: undefined })
})
