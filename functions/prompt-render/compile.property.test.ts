import fc from 'fast-check'
import { compiledPrompt } from '#config/compiled/prompt.ts'
import { promptTemplate } from '#config/kinds/prompt-template.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { testCompileProperty } from '../runtime/testing/compile-property.ts'
import { compilePrompt } from './compile.ts'

const toObject = (spec: unknown) =>
  ({
    apiVersion: 'penstock.dev/v1alpha1',
    kind: 'PromptTemplate',
    metadata: { name: 'a' },
    spec,
  }) as KubeObject

const from = <T>(...values: T[]) => fc.constantFrom(...values)
const name = from('a', 'a', 'a', 'b', 'constructor')
const content = fc
  .array(from('{a}', '{b}', '{c}', '{{', '}}', '{', '}', 'x', '\ud83d', '{ a }'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((pieces) => pieces.join(''))
const good = from('{a} x', '{{{a}}}', 'x')
const text = fc.oneof({ weight: 4, arbitrary: good }, content)
const optional = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] })
/** Mostly of names that differ. */
const list = <T extends { name: string }>(item: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.uniqueArray(item, { selector: (each) => each.name, minLength: 1 }) },
    fc.array(item, { minLength: 2, maxLength: 3 }),
  )
const variable = fc
  .tuple(
    fc.record({ name, type: from('String', 'Integer', 'Number', 'Boolean', 'List') }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      optional({
        default: from('1', '-0', 'true', '[]', '["a"]', '{"__proto__":1}', '1e999', '['),
        required: fc.boolean(),
        minimum: from('0', '-1.5'),
        maximum: from('1', '-2'),
        pattern: from('a', '(', '(a{99}){99}', '.*'),
        maxItems: from(1, 10_000),
        minLength: from(0, 1_048_576),
      }),
    ),
  )
  .map(([base, more]) => ({ ...base, ...more }))
const schema = fc.oneof(
  from<object>(
    { type: 'object' },
    { $ref: '#' },
    { $ref: '#/%' },
    { $ref: '#/properties/__proto__', properties: JSON.parse('{"__proto__":{"type":"string"}}') },
    { pattern: '\\u00e4' },
    { type: 'wrong' },
    JSON.parse(`${'{"not":'.repeat(60)}{}${'}'.repeat(60)}`),
    JSON.parse(`{"const":${'['.repeat(200)}${']'.repeat(200)}}`),
  ),
  fc
    .object({ key: from('$ref', 'type', 'properties', 'items', 'allOf', 'enum', '__proto__') })
    .map((value) => JSON.parse(JSON.stringify(value))),
)
const version = fc
  .tuple(
    fc.record({ name: from('v1', 'v2', 'v3') }),
    fc.oneof(
      fc.record({ template: text }),
      fc.record({
        messages: fc.array(fc.record({ role: from('System', 'User'), content: text }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    ),
    fc.oneof(
      { weight: 2, arbitrary: optional({ weight: from(0, 1), temperature: from('0', '1.25') }) },
      fc.record({ output: fc.record({ schema }) }),
    ),
  )
  .map(([base, said, more]) => ({ ...base, ...said, ...more }))
/** Mostly what the CRD lets through, and some of what its CEL rules would not. */
const spec = fc
  .tuple(
    fc.record({
      model: from('m', 'm@1'),
      variables: list(variable),
      versions: list(version),
    }),
    fc.oneof(
      fc.constant({}),
      optional({
        defaultVersion: from('v1', 'v9'),
        expose: fc.record({ path: from('/a', '/', '//', '/a/../b', '/%') }),
      }),
    ),
  )
  .map(([base, more]) => ({ ...base, ...more }))

testCompileProperty({
  compile: compilePrompt,
  schema: promptTemplate.spec,
  compiled: compiledPrompt,
  spec,
  toObject,
})
