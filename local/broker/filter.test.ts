import { describe, expect, test } from 'vitest'
import { compileFilter } from './filter.ts'
import { parseTrigger } from './trigger.ts'

const event = {
  specversion: '1.0',
  id: '1',
  type: 'dev.knative.apiserver.resource.add',
  source: 'https://10.96.0.1:443',
  kind: 'APIRoute',
  namespace: '',
}

const toTrigger = (spec: object) =>
  parseTrigger({
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: { name: 'test' },
    spec: { broker: 'default', subscriber: { ref: { name: 'test' } }, ...spec },
  })

const type = event.type

describe('a Trigger lets an event through', () => {
  test.each<[string, object, boolean]>([
    ['without a filter', {}, true],
    ['with an empty filter', { filter: {} }, true],
    ['with an empty list of filters', { filters: [] }, true],
    ['by an equal attribute', { filter: { attributes: { type } } }, true],
    ['not by another value', { filter: { attributes: { type: 'other' } } }, false],
    ['by an equal extension', { filter: { attributes: { kind: 'APIRoute' } } }, true],
    ['when all attributes match', { filter: { attributes: { type, kind: 'APIRoute' } } }, true],
    ['not when one of two differs', { filter: { attributes: { type, kind: 'No' } } }, false],
    ['not by a missing attribute', { filter: { attributes: { absent: 'x' } } }, false],
    ['by the presence of an attribute', { filter: { attributes: { kind: '' } } }, true],
    ['not by the presence of an empty one', { filter: { attributes: { namespace: '' } } }, false],
    ['not by the presence of a missing one', { filter: { attributes: { absent: '' } } }, false],
    ['by exact', { filters: [{ exact: { type } }] }, true],
    ['not by exact on part of a value', { filters: [{ exact: { type: 'dev' } }] }, false],
    ['not by exact on a missing attribute', { filters: [{ exact: { absent: 'x' } }] }, false],
    ['by prefix', { filters: [{ prefix: { type: 'dev.knative.' } }] }, true],
    ['not by another prefix', { filters: [{ prefix: { type: 'knative.' } }] }, false],
    [
      'not when one of two prefixes differs',
      { filters: [{ prefix: { type: 'dev', kind: 'x' } }] },
      false,
    ],
    ['by suffix', { filters: [{ suffix: { type: '.add' } }] }, true],
    ['not by another suffix', { filters: [{ suffix: { type: '.delete' } }] }, false],
    ['not by the suffix of a missing attribute', { filters: [{ suffix: { absent: 'x' } }] }, false],
    [
      'when all of all match',
      { filters: [{ all: [{ exact: { type } }, { prefix: { kind: 'API' } }] }] },
      true,
    ],
    [
      'not when one of all differs',
      { filters: [{ all: [{ exact: { type } }, { exact: { kind: 'x' } }] }] },
      false,
    ],
    [
      'when one of any matches',
      { filters: [{ any: [{ exact: { kind: 'x' } }, { exact: { type } }] }] },
      true,
    ],
    ['not when none of any matches', { filters: [{ any: [{ exact: { kind: 'x' } }] }] }, false],
    ['by not', { filters: [{ not: { exact: { kind: 'x' } } }] }, true],
    ['not by not of what matches', { filters: [{ not: { exact: { type } } }] }, false],
    ['by not on a missing attribute', { filters: [{ not: { exact: { absent: 'x' } } }] }, true],
    [
      'when every filter of the list matches',
      { filters: [{ exact: { type } }, { exact: { kind: 'APIRoute' } }] },
      true,
    ],
    [
      'not when one filter of the list differs',
      { filters: [{ exact: { type } }, { exact: { kind: 'x' } }] },
      false,
    ],
    [
      'by filters rather than filter',
      { filter: { attributes: { type: 'x' } }, filters: [{ exact: { type } }] },
      true,
    ],
    [
      'by nested dialects',
      {
        filters: [
          { not: { any: [{ all: [{ exact: { kind: 'x' } }] }, { suffix: { type: '.delete' } }] } },
        ],
      },
      true,
    ],
  ])('%s', (_name, spec, expected) => {
    expect(compileFilter(toTrigger(spec).spec)(event)).toBe(expected)
  })
})

describe('a Trigger is refused', () => {
  test.each<[string, object, RegExp]>([
    ['for CESQL', { filters: [{ cesql: "type = 'x'" }] }, /CESQL is not supported/],
    ['for nested CESQL', { filters: [{ not: { cesql: 'TRUE' } }] }, /CESQL is not supported/],
    ['for an unknown dialect', { filters: [{ regex: { type: '.*' } }] }, /regex/],
    [
      'for two dialects in one filter',
      { filters: [{ exact: { type }, prefix: { type } }] },
      /exactly one/,
    ],
    ['for a filter without a dialect', { filters: [{}] }, /exactly one/],
    ['for an empty value', { filters: [{ prefix: { type: '' } }] }, /no empty value/],
    ['for an empty any', { filters: [{ any: [] }] }, /any/],
    ['for a subscriber without a name', { subscriber: { uri: 'http://x' } }, /subscriber/],
    ['for a bad duration', { delivery: { backoffDelay: '1s' } }, /ISO 8601/],
  ])('%s', (_name, spec, message) => {
    expect(() => toTrigger(spec)).toThrow(message)
  })
})
