import { describe, expect, it } from 'vitest'
import type { Json } from '../json.ts'
import { checkRuleSyntax, checkRules } from './cel.ts'
import type { Schema, ValidationRule } from './schema.ts'

const schemaWith = (...rules: ValidationRule[]): Schema => ({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        ratio: { type: 'number' },
        name: { type: 'string' },
        hosts: { type: 'array', items: { type: 'string' } },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
          items: {
            type: 'object',
            properties: { port: { type: 'integer' }, weight: { type: 'integer' } },
            'x-kubernetes-validations': [
              { rule: '!has(self.weight) || self.weight >= oldSelf.weight', message: 'only up' },
            ],
          },
        },
      },
      'x-kubernetes-validations': rules,
    },
  },
})

const messages = (rule: ValidationRule, spec: Json, old?: Json): string[] =>
  checkRules({ spec }, old === undefined ? undefined : { spec: old }, schemaWith(rule)).map(
    ({ field, message }) => `${field}: ${message}`,
  )

const passing: [rule: string, spec: Json][] = [
  ['self.size > 3', { size: 4 }],
  ['has(self.ports[0].port) && !has(self.ports[0].weight)', { ports: [{ port: 1 }] }],
  ['has(self.ports[0].port) == self.ports.all(p, has(p.port))', { ports: [{ port: 1 }] }],
  ['self.ratio < 2.5', { ratio: 2 }],
  ['!has(self.size) || self.size == 1', {}],
  [
    'self.hosts.all(h, h.startsWith("a")) && self.hosts.exists(h, h == "ab")',
    { hosts: ['a', 'ab'] },
  ],
  ['self.name.matches("^[a-z]+$") && size(self.name) == 3', { name: 'abc' }],
  ['self.hosts.size() == 2 && "b" in self.hosts', { hosts: ['a', 'b'] }],
  ['self.name.lowerAscii() == "x" && self.name.replace("X", "y") == "y"', { name: 'X' }],
  ['self.hosts.isSorted() && isURL(self.name)', { hosts: ['a', 'b'], name: 'http://x/' }],
]

describe('rules in CEL', () => {
  it.each(passing)('%s holds', (rule, spec) => {
    expect(messages({ rule }, spec)).toEqual([])
    expect(messages({ rule: `!(${rule})`, message: 'no' }, spec)).toEqual([
      'spec: Invalid value: "object": no',
    ])
  })

  it('tells message, messageExpression, field and reason', () => {
    const rule = {
      rule: 'false',
      messageExpression: '"size is " + string(self.size)',
      fieldPath: '.size',
      reason: 'FieldValueForbidden',
    }
    expect(messages(rule, { size: 2 })).toEqual(['spec.size: Forbidden: size is 2'])
  })

  it('compares with the old value only where there is one', () => {
    const rule = { rule: 'self.size >= oldSelf.size', message: 'may not shrink' }
    expect(messages(rule, { size: 1 })).toEqual([])
    expect(messages(rule, { size: 1 }, { size: 2 })).toHaveLength(1)
  })

  it('finds the old item of a list of maps by its key', () => {
    const old = {
      ports: [
        { port: 2, weight: 1 },
        { port: 1, weight: 5 },
      ],
    }
    const spec = {
      ports: [
        { port: 1, weight: 4 },
        { port: 2, weight: 1 },
      ],
    }
    expect(messages({ rule: 'true' }, spec, old)).toEqual([
      'spec.ports[0]: Invalid value: "object": only up',
    ])
  })

  it('refuses the object when a rule cannot be evaluated', () => {
    expect(messages({ rule: 'self.missing == 1' }, {})).toHaveLength(1)
  })

  it('matches with RE2, so a hostile text costs little', () => {
    const started = performance.now()
    const spec = { name: `${'a'.repeat(5000)}!` }
    expect(messages({ rule: 'self.name.matches("^(a+)+$")' }, spec)).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('reads properties whose names are escaped', () => {
    const names = {
      properties: { namespace: {}, 'a-b': {} },
      'x-kubernetes-validations': [{ rule: 'self.__namespace__ == self.a__dash__b' }],
    }
    expect(checkRules({ namespace: 'x', 'a-b': 'x' }, undefined, names)).toEqual([])
    expect(checkRules({ namespace: 'x', 'a-b': 'y' }, undefined, names)).toHaveLength(1)
  })

  it.each(['self.size >', 'nope(self.size)', 'other == 1'])('%s does not compile', (rule) => {
    const causes = checkRuleSyntax(schemaWith({ rule }), 'schema')
    expect(causes[0]?.field).toBe('schema.properties[spec].x-kubernetes-validations.rule')
  })
})
