import { describe, expect, it } from 'vitest'
import type { Json, KubeObject } from '../json.ts'
import type { Column, ResourceType } from '../registry/resource-type.ts'
import { humanDuration } from './human-duration.ts'
import { compileJsonPath } from './json-path.ts'
import { toTable } from './table.ts'

const OBJECT = {
  spec: { size: 3, hosts: ['a', 'b'], 'odd.key': 'x', on: true },
  status: {
    conditions: [
      { type: 'Accepted', status: 'True', count: 1 },
      { type: 'Programmed', status: 'False', count: 5 },
    ],
  },
}

const paths: [path: string, found: Json[]][] = [
  ['.spec.size', [3]],
  ['{.spec.size}', [3]],
  ['$.spec.size', [3]],
  ['.spec.hosts[0]', ['a']],
  ['.spec.hosts[-1]', ['b']],
  ['.spec.hosts[*]', ['a', 'b']],
  ['.spec.hosts[0:1]', ['a']],
  ['.spec.hosts', [['a', 'b']]],
  ["['spec']['odd.key']", ['x']],
  ['.spec.odd\\.key', ['x']],
  ['.status.conditions[?(@.type=="Programmed")].status', ['False']],
  [".status.conditions[?(@.type == 'Accepted')].status", ['True']],
  ['.status.conditions[?(@.count>2)].type', ['Programmed']],
  ['..status', [OBJECT.status, 'True', 'False']],
  ['.spec.missing', []],
]

describe('a JSONPath', () => {
  it.each(paths)('%s is found', (path, found) => {
    expect(compileJsonPath(path)(OBJECT)).toEqual(found)
  })

  it.each(['.a[', '.a[x]', '.a[?(b)]'])('%s is refused', (path) => {
    expect(() => compileJsonPath(path)).toThrow(SyntaxError)
  })
})

const durations: [seconds: number, text: string][] = [
  [0, '0s'],
  [119, '119s'],
  [121, '2m1s'],
  [600, '10m'],
  [3 * 3600, '3h'],
  [3 * 3600 + 60, '3h1m'],
  [47 * 3600, '47h'],
  [3 * 86400 + 7200, '3d2h'],
  [30 * 86400, '30d'],
  [800 * 86400, '2y70d'],
]

describe('an age', () => {
  it.each(durations)('of %d s is shown as %s', (seconds, text) => {
    expect(humanDuration(seconds * 1000)).toBe(text)
  })
})

const typeWith = (columns: readonly Column[]): ResourceType => ({
  group: 'test.dev',
  version: 'v1',
  kind: 'Widget',
  listKind: 'WidgetList',
  plural: 'widgets',
  singular: 'widget',
  shortNames: [],
  categories: [],
  namespaced: true,
  columns,
  schema: {},
  hasStatus: true,
  hasGeneration: true,
  custom: true,
  storageVersion: 'v1',
  strategy: {},
  selectableFields: [],
})

describe('a table', () => {
  it('prints columns by their types, and nothing where nothing is', () => {
    const type = typeWith([
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Hosts', type: 'string', jsonPath: '.spec.hosts' },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.hosts' },
      { name: 'Missing', type: 'string', jsonPath: '.spec.nope' },
    ])
    const object: KubeObject = {
      apiVersion: 'test.dev/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      ...OBJECT,
    }
    const table = toTable([object], type, {
      include: 'Metadata',
      metadata: { resourceVersion: '7' },
      hasColumns: true,
    })
    expect(table.rows).toEqual([
      {
        cells: [3, '["a","b"]', null, null],
        object: {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1',
          metadata: { name: 'w' },
        },
      },
    ])
    expect(table.columnDefinitions).toHaveLength(4)
  })
})
