import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkField, readField } from './read-field.ts'
import { RequestFault } from './request-fault.ts'

const choice = z.preprocess(
  (value) => (typeof value === 'string' ? { type: value } : value),
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('auto') }),
    z.object({ type: z.literal('tool'), name: z.string() }),
  ]),
)
const schema = z.object({
  messages: z.array(z.object({ role: z.enum(['user', 'system']) })).min(1),
  model: z.string().min(1),
  n: z.int().min(1).nullish(),
  stop: z.array(z.string(), 'a string or a list of strings').nullish(),
  choice: choice.nullish(),
  kind: z.literal('function').nullish(),
  link: z.url().nullish(),
})
const valid = { messages: [{ role: 'user' }], model: 'm' }

test('reads what fits', () => {
  expect(readField(schema, { ...valid, choice: 'auto' })).toEqual({
    ...valid,
    choice: { type: 'auto' },
  })
})

test.each([
  ['model', { model: 1 }, 'a string'],
  ['model', { model: '' }, 'a string that is not empty'],
  ['messages', { messages: [] }, 'a list that is not empty'],
  ['messages', { messages: {} }, 'a list'],
  ['messages[0]', { messages: ['hi'] }, 'an object'],
  ['messages[0].role', { messages: [{ role: 'x' }] }, 'one of user, system'],
  ['n', { n: 1.5 }, 'an integer'],
  ['n', { n: 0 }, 'at least 1'],
  ['stop', { stop: 1 }, 'a string or a list of strings'],
  ['choice', { choice: 'x' }, 'one of auto, tool'],
  ['choice.type', { choice: { type: 'x' } }, 'one of auto, tool'],
  ['kind', { kind: 'x' }, 'function'],
  ['link', { link: 'x' }, 'another value'],
])('says what %s must be: %j', (param, asked, what) => {
  const fault = checkField(schema, { ...valid, ...asked })
  expect(fault).toBeInstanceOf(RequestFault)
  expect(fault).toMatchObject({ param, message: `'${param}' must be ${what}.`, isMissing: false })
})

test.each([
  ['model', { model: null }],
  ['messages', { messages: undefined }],
  ['messages[1].role', { messages: [{ role: 'user' }, {}] }],
  ['choice.name', { choice: { type: 'tool' } }],
])('says that %s is missing: %j', (param, asked) => {
  const message = `Missing required parameter: '${param}'.`
  const fault = checkField(schema, { ...valid, ...asked })
  expect(fault).toMatchObject({ param, message, isMissing: true })
})

test('says where in the body a value stands', () => {
  const read = () => readField(schema, { ...valid, model: 1 }, 'input[2]')
  expect(read).toThrow("'input[2].model' must be a string.")
})

test('does not take for present what every object has', () => {
  const fault = checkField(z.object({ constructor: z.string() }), {})
  expect(fault).toMatchObject({ param: 'constructor', isMissing: true })
})
