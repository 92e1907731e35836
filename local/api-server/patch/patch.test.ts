import { describe, expect, it } from 'vitest'
import type { Json } from '../json.ts'
import { listBy, object, setOf, text } from '../registry/dsl.ts'
import { applyJsonPatch } from './json-patch.ts'
import { applyMergePatch } from './merge-patch.ts'
import { applyStrategicMergePatch } from './strategic-merge-patch.ts'

describe('a JSON patch', () => {
  const document = { a: { b: [1, 2], 'x/y': 1 } }
  const patches: [title: string, patch: Json, result: Json][] = [
    ['adds', [{ op: 'add', path: '/a/c', value: 3 }], { a: { b: [1, 2], 'x/y': 1, c: 3 } }],
    ['inserts', [{ op: 'add', path: '/a/b/0', value: 0 }], { a: { b: [0, 1, 2], 'x/y': 1 } }],
    ['appends', [{ op: 'add', path: '/a/b/-', value: 3 }], { a: { b: [1, 2, 3], 'x/y': 1 } }],
    ['removes', [{ op: 'remove', path: '/a/x~1y' }], { a: { b: [1, 2] } }],
    ['replaces', [{ op: 'replace', path: '/a/b/1', value: 9 }], { a: { b: [1, 9], 'x/y': 1 } }],
    ['moves', [{ op: 'move', from: '/a/b', path: '/b' }], { a: { 'x/y': 1 }, b: [1, 2] }],
    ['copies', [{ op: 'copy', from: '/a/b/0', path: '/c' }], { ...document, c: 1 }],
    ['replaces all', [{ op: 'replace', path: '', value: {} }], {}],
    ['tests', [{ op: 'test', path: '/a/b', value: [1, 2] }], document],
  ]

  it.each(patches)('%s', (_title, patch, result) => {
    expect(applyJsonPatch(document, patch)).toEqual(result)
  })

  const refused: [title: string, operation: Json][] = [
    ['a failed test', { op: 'test', path: '/a/b', value: 1 }],
    ['a missing path', { op: 'remove', path: '/nope' }],
    ['a missing parent', { op: 'add', path: '/n/m', value: 1 }],
    ['an index out of bounds', { op: 'add', path: '/a/b/9', value: 1 }],
    ['an unknown operation', { op: 'jump', path: '/a' }],
  ]
  it.each(refused)('refuses %s', (_title, operation) => {
    expect(() => applyJsonPatch(document, [operation])).toThrow(/rejected our request/)
  })

  it('keeps prototypes out of reach', () => {
    const patch: Json = [{ op: 'add', path: '/__proto__/polluted', value: true }]
    expect(() => applyJsonPatch({}, patch)).toThrow(/rejected our request/)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})

describe('a merge patch', () => {
  it('merges objects, removes nulls, replaces lists', () => {
    const target = { a: { b: 1, c: 2 }, l: [1, 2], k: 1 }
    const patch = { a: { b: null, d: 3 }, l: [9], n: { x: null, y: 1 } }
    expect(applyMergePatch(target, patch)).toEqual({ a: { c: 2, d: 3 }, l: [9], k: 1, n: { y: 1 } })
  })
})

describe('a strategic merge patch', () => {
  const schema = object('', {
    ports: listBy(['port'], object('', { port: text(''), name: text('') }), ''),
    tags: { ...setOf(text(''), ''), 'x-kubernetes-patch-strategy': 'merge' },
    plain: { type: 'array', items: text('') },
  })
  const target = { ports: [{ port: 1, name: 'a' }, { port: 2 }], tags: ['x', 'y'], plain: ['p'] }
  const patches: [title: string, patch: Json, result: Json][] = [
    [
      'merges items by their key',
      { ports: [{ port: 2, name: 'b' }, { port: 3 }] },
      { ...target, ports: [{ port: 1, name: 'a' }, { port: 2, name: 'b' }, { port: 3 }] },
    ],
    [
      'removes an item',
      { ports: [{ port: 1, $patch: 'delete' }] },
      { ...target, ports: [{ port: 2 }] },
    ],
    [
      'replaces a list when told',
      { ports: [{ $patch: 'replace' }, { port: 9 }] },
      { ...target, ports: [{ port: 9 }] },
    ],
    ['adds to a list of texts', { tags: ['y', 'z'] }, { ...target, tags: ['x', 'y', 'z'] }],
    [
      'removes from a list of texts',
      { '$deleteFromPrimitiveList/tags': ['x'] },
      { ...target, tags: ['y'] },
    ],
    [
      'orders a list',
      { '$setElementOrder/ports': [{ port: 2 }, { port: 1 }] },
      { ...target, ports: [{ port: 2 }, { port: 1, name: 'a' }] },
    ],
    ['replaces other lists', { plain: ['q'] }, { ...target, plain: ['q'] }],
    ['removes nulls', { plain: null }, { ports: target.ports, tags: target.tags }],
  ]

  it.each(patches)('%s', (_title, patch, result) => {
    expect(applyStrategicMergePatch(target, patch, schema)).toEqual(result)
  })
})
