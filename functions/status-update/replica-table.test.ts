import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { Problem, Programmed, Served } from '#config/compiled/events.ts'
import { createReplicaTable, type ReplicaTable } from './replica-table.ts'

const replica = (name: string, url = `http://${name}`) => ({ name, url })
const keyOf = (name: string) => ({ kind: 'APIRoute', namespace: 'shop', name })
const served = (name: string, generation: number, uid = 'u', problems: Problem[] = []): Served => ({
  ...keyOf(name),
  uid,
  generation,
  hash: '',
  problems,
})
const said = (sequence: number, objects: Served[], boot = 'b1'): Programmed => ({
  replica: 'r1',
  boot,
  sequence,
  objects,
})

let table: ReplicaTable

beforeEach(() => {
  table = createReplicaTable()
  table.setReady([replica('r1')])
})

const generations = (name: string) => table.served(keyOf(name)).map((entry) => entry?.generation)

test('replicas are known by name, and only a change is news', () => {
  expect(table.setReady([replica('r1')])).toBe(false)
  expect(table.setReady([replica('r2'), replica('r1')])).toBe(true)
  expect(table.setReady([replica('r1'), replica('r2')])).toBe(false)
  expect(table.setReady([replica('r1'), replica('r2', 'http://moved')])).toBe(true)
  expect(table.ready.map(({ name }) => name)).toEqual(['r1', 'r2'])
})

test('a replica is unknown until it has told all', () => {
  table.report(said(1, [served('a', 1)]), false)
  expect(table.unknown()).toEqual([replica('r1')])
  table.report(said(1, [served('a', 1)]), true)
  expect(table.unknown()).toEqual([])
})

test('one that is no longer ready is forgotten', () => {
  table.report(said(1, [served('a', 1)]), true)
  table.setReady([])
  expect(table.served(keyOf('a'))).toEqual([])
  table.setReady([replica('r1')])
  expect(generations('a')).toEqual([undefined])
  expect(table.unknown()).toEqual([replica('r1')])
})

test('reports in any order, and again, end in the newest', () => {
  const reports = [
    said(1, [served('a', 1)]),
    said(2, [served('a', 2), served('b', 1)]),
    said(3, [served('b', 1, 'u', [{ reason: 'BackendNotFound', message: 'x' }])]),
    said(4, [served('a', 1, 'next')]),
  ]
  const order = fc.array(fc.nat(reports.length - 1), { maxLength: 12 })
  fc.assert(
    fc.property(order, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (more, all) => {
      const shuffled = createReplicaTable()
      shuffled.setReady([replica('r1')])
      for (const index of [...more, ...all]) shuffled.report(reports[index] as Programmed, false)
      expect(shuffled.served(keyOf('a'))).toEqual([served('a', 1, 'next')])
      expect(shuffled.served(keyOf('b'))[0]?.problems).toHaveLength(1)
    }),
    { numRuns: 200 },
  )
})

test('a generation never goes back, whatever the sequence says', () => {
  table.report(said(1, [served('a', 5)]), false)
  table.report(said(2, [served('a', 4)]), false)
  expect(generations('a')).toEqual([5])
})

test('a whole report drops what is no longer served, but not what came later', () => {
  table.report(said(1, [served('a', 1), served('b', 1)]), false)
  table.report(said(7, [served('c', 1)]), false)
  table.report(said(5, [served('b', 1)]), true)
  expect(generations('a')).toEqual([undefined])
  expect(generations('b')).toEqual([1])
  expect(generations('c')).toEqual([1])
})

test('what another start of the replica said is for the replica itself to explain', () => {
  expect(table.report(said(9, [served('a', 2)]), true)).toBe(true)
  expect(table.report(said(1, [served('a', 1), served('b', 1)], 'b0'), false)).toBe(false)
  expect(generations('a')).toEqual([2])
  expect(generations('b')).toEqual([undefined])
})

test('a whole report of another start replaces all that was known', () => {
  table.report(said(9, [served('a', 2), served('b', 2)]), true)
  expect(table.report(said(1, [served('a', 3)], 'b2'), true)).toBe(true)
  expect(generations('a')).toEqual([3])
  expect(generations('b')).toEqual([undefined])
  expect(table.report(said(2, [served('b', 3)], 'b2'), false)).toBe(true)
})

test('the replicas that lack a version are named', () => {
  table.setReady([replica('r1'), replica('r2'), replica('r3'), replica('r4')])
  table.report(said(1, [served('a', 2)]), false)
  table.report({ ...said(1, [served('a', 1)]), replica: 'r2' }, false)
  table.report({ ...said(1, [served('a', 7, 'older')]), replica: 'r3' }, false)
  const lacking = (generation: number) =>
    table.lacking({ ...keyOf('a'), uid: 'u', generation }).map(({ name }) => name)
  expect(lacking(2)).toEqual(['r2', 'r3', 'r4'])
  expect(lacking(1)).toEqual(['r3', 'r4'])
})
