import { expect, test } from 'vitest'
import { isFailure, toCallerError } from './provider-error.ts'

const error = { message: 'too long', type: 'x', param: 'messages', code: 'context_length_exceeded' }

test.each([
  ['OpenAI', { error }, error],
  ['Zhipu', { error: { code: '1001', message: 'too long' } }, { code: '1001' }],
  ['OpenRouter', { error: { code: 400, message: 'too long', metadata: {} } }, { code: 400 }],
  ['Inception', { error: { message: ['too', 'long'] } }, { message: 'too; long' }],
  ['Baseten', { error: 'too long' }, {}],
  ['Mistral', { object: 'error', message: 'too long' }, {}],
  ['Nebius', { detail: 'too long' }, {}],
  ['Crusoe', { errors: ['too long'] }, {}],
  ['Cloudflare', { errors: [{ code: 5006, message: 'too long' }] }, {}],
  ['Gemini', [{ error: { message: 'too long', status: 'INVALID_ARGUMENT' } }], {}],
  ['nobody', {}, { message: 'The provider of this model refused the request.' }],
  ['nothing', null, { message: 'The provider of this model refused the request.' }],
])('reads an error as %s puts it', (_provider, answer, expected) => {
  const defaults = { message: 'too long', type: 'invalid_request_error', param: null, code: null }
  expect(JSON.parse(toCallerError(answer)).error).toEqual({ ...defaults, ...expected })
})

test.each([
  [{ error: { message: 'x' } }, true],
  [{ error: 'x' }, true],
  [{ base_resp: { status_code: 1008, status_msg: 'x' } }, true],
  [{ base_resp: { status_code: 0 } }, false],
  [{ base_resp: { status_code: { toString: 1 } } }, false],
  [{ error: null, choices: [] }, false],
  [{ choices: [] }, false],
])('knows an answer that is none: %j', (answer, expected) => {
  expect(isFailure(answer)).toBe(expected)
})
