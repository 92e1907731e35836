import { describe, expect, test } from 'vitest'
import type { KubeObject, ResourceType } from '#lib/kube/types.ts'
import type { Change } from './change.ts'
import { createInventory } from './inventory.ts'

const type: ResourceType = { group: 'g.dev', version: 'v1', kind: 'Thing', plural: 'things' }

const thing = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'g.dev/v1',
  kind: 'Thing',
  metadata: { namespace: 'ns', name, uid, resourceVersion },
})

const toText = (changes: Change[]) =>
  changes.map(({ verb, object: { metadata } }) => `${verb} ${metadata.name}/${metadata.uid}`)

describe('an inventory', () => {
  test('reports what exists at first as added', () => {
    const inventory = createInventory(type)
    expect(toText(inventory.replace([thing('a', '1', '1'), thing('b', '2', '2')]))).toEqual([
      'add a/1',
      'add b/2',
    ])
  })

  test('reports exactly what changed between two lists', () => {
    const inventory = createInventory(type)
    const before = ['same', 'changed', 'deleted', 'recreated']
    inventory.replace(before.map((name) => thing(name, `${name}-1`, '1')))
    expect(
      toText(
        inventory.replace([
          thing('same', 'same-1', '1'),
          thing('changed', 'changed-1', '2'),
          thing('recreated', 'recreated-2', '3'),
          thing('new', 'new-1', '4'),
        ]),
      ),
    ).toEqual([
      'delete deleted/deleted-1',
      'update changed/changed-1',
      'delete recreated/recreated-1',
      'add recreated/recreated-2',
      'add new/new-1',
    ])
  })

  test('knows who went away unseen, if not how it last looked', () => {
    const inventory = createInventory(type)
    inventory.replace([thing('a', '1', '7')])
    expect(inventory.replace([])).toEqual([{ verb: 'delete', type, object: thing('a', '1', '7') }])
  })

  test('reports a change once', () => {
    const inventory = createInventory(type)
    expect(toText(inventory.put(thing('a', '1', '1')))).toEqual(['add a/1'])
    expect(toText(inventory.put(thing('a', '1', '1')))).toEqual([])
    expect(toText(inventory.put(thing('a', '1', '2')))).toEqual(['update a/1'])
    expect(toText(inventory.remove(thing('a', '1', '3')))).toEqual(['delete a/1'])
    expect(toText(inventory.remove(thing('a', '1', '3')))).toEqual([])
  })

  test('names the type of an item that a list gave without', () => {
    const { metadata } = thing('a', '1', '1')
    const [change] = createInventory(type).replace([{ metadata } as KubeObject])
    expect(change?.object).toEqual(thing('a', '1', '1'))
  })
})
