import { expect, test } from 'vitest'
import { z } from 'zod'
import { compiledGuardrail, PII_TYPES } from '#config/compiled/guardrail.ts'
import { guardrails } from '#config/kinds/guardrail.ts'
import { compileGuardrails } from './compile-guardrails.ts'
import { FieldError } from './field-error.ts'

/** As users write it. */
const compile = (...specs: object[]) =>
  compileGuardrails(
    guardrails.parse(specs.map((spec) => ({ name: 'g', action: 'Block', ...spec }))),
    'spec.guardrails',
  )

const url = 'https://guard.example'

const BOTH = { name: 'g', stages: ['Request', 'Response'], action: 'Block' }

test.each<[object, object]>([
  [{ pii: {} }, { check: { type: 'pii', types: [...PII_TYPES], reversible: true } }],
  [
    { pii: { types: ['Email', 'Email'], reversible: false }, action: 'Mask', on: ['Response'] },
    {
      action: 'Mask',
      stages: ['Response'],
      check: { type: 'pii', types: ['Email'], reversible: false },
    },
  ],
  [
    { patterns: ['EMP-[0-9]{6}'], message: 'No.', on: ['Response', 'Request'] },
    { message: 'No.', check: { type: 'patterns', patterns: ['EMP-[0-9]{6}'] } },
  ],
  [
    { promptInjection: {} },
    { stages: ['Request'], check: { type: 'promptInjection', sensitivity: 'Medium' } },
  ],
  [
    { topics: { deny: ['project falcon'] }, action: 'Audit' },
    { action: 'Audit', check: { type: 'topics', deny: ['project falcon'] } },
  ],
  [{ size: { maxMessages: 5 } }, { stages: ['Request'], check: { type: 'size', maxMessages: 5 } }],
  [{ size: { maxCharacters: 5 } }, { check: { type: 'size', maxCharacters: 5 } }],
  [
    { model: { name: 'judge', instructions: 'No poems.', onFailure: 'Allow' } },
    { check: { type: 'model', model: 'judge', instructions: 'No poems.', onFailure: 'Allow' } },
  ],
  [
    { webhook: { url }, action: 'Mask' },
    {
      action: 'Mask',
      check: {
        type: 'webhook',
        target: { protocol: 'https', host: 'guard.example', port: 443, path: '/' },
        timeoutMs: 2000,
        onFailure: 'Block',
      },
    },
  ],
  [
    { webhook: { url: 'http://guard:8080/a/?b=c', timeout: '500ms' } },
    {
      check: {
        type: 'webhook',
        target: { protocol: 'http', host: 'guard', port: 8080, path: '/a/?b=c' },
        timeoutMs: 500,
        onFailure: 'Block',
      },
    },
  ],
])('compiles %j', (spec, expected) => {
  const [compiled] = compile(spec)
  expect(compiled).toEqual({ ...BOTH, ...expected })
  expect(compiledGuardrail.parse(compiled)).toEqual(compiled)
})

test.each([
  [{}, 'spec.guardrails[0]: exactly one of'],
  [{ pii: {}, topics: { deny: ['a'] } }, 'spec.guardrails[0]: exactly one of'],
  [{ patterns: ['a', '('] }, 'spec.guardrails[0].patterns[1]: error parsing regexp'],
  [{ patterns: ['(?=a)'] }, 'spec.guardrails[0].patterns[0]: error parsing regexp'],
  [{ patterns: ['a*'] }, 'spec.guardrails[0].patterns[0]: must not match the empty text'],
  [{ patterns: ['(a{30}){30}{30}'] }, 'spec.guardrails[0].patterns[0]: too complex'],
  [{ topics: { deny: ['a', '++'] } }, 'spec.guardrails[0].topics.deny[1]: has no word in it'],
  [{ size: {} }, 'spec.guardrails[0].size: maxCharacters or maxMessages must be set'],
  [{ size: { maxMessages: 1 }, on: ['Response'] }, 'spec.guardrails[0].on: this check is for'],
  [{ promptInjection: {}, on: ['Response'] }, 'spec.guardrails[0].on: this check is for requests'],
  [{ model: { name: 'm' }, action: 'Mask' }, 'spec.guardrails[0].action: model cannot mask'],
  [{ size: { maxMessages: 1 }, action: 'Mask' }, 'spec.guardrails[0].action: size cannot mask'],
  [{ webhook: { url: 'http://[x/' } }, 'spec.guardrails[0].webhook.url: not an absolute'],
  [{ webhook: { url, timeout: '0s' } }, 'spec.guardrails[0].webhook.timeout: must be longer'],
  [{ webhook: { url, timeout: '25h' } }, 'spec.guardrails[0].webhook.timeout: longer than 24h'],
])('refuses %j', (spec, message) => {
  expect(() => compile(spec)).toThrow(FieldError)
  expect(() => compile(spec)).toThrow(message)
})

test('names are unique', () => {
  expect(() => compile({ pii: {} }, { pii: {} })).toThrow(
    'spec.guardrails[1].name: stands there twice',
  )
})

test('the schema is one that the API server takes', () => {
  const schema = z.toJSONSchema(guardrails, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
  })
  expect(schema).toMatchObject({ type: 'array', maxItems: 16 })
  expect(schema.items).toHaveProperty('x-kubernetes-validations')
})
