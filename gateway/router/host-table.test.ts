import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toCandidates } from './candidate.ts'
import { toEntry, toMatch } from './fixtures.ts'
import { createHostTable } from './host-table.ts'
import { PathTree } from './path-tree.ts'

const paths = ['=/', '^', '^/a', '=/a', '=/a/', '^/a/b', '^/b/c', '~/a/[b]', '~.*', '^/b/d/e']
const order = fc.shuffledSubarray(paths.map((_, position) => position))

it('a tree that lost all its candidates, in any order, is empty', () => {
  fc.assert(
    fc.property(order, order, (first, second) => {
      const candidates = toCandidates(
        toEntry(
          'x',
          paths.map((path) => toMatch(path)),
        ),
      )
      const tree = new PathTree<string>()
      const rest = candidates.filter((_, position) => !second.includes(position))
      for (const candidate of candidates) tree.insert(candidate)
      for (const position of second) tree.remove(candidates[position]!)
      for (const position of second) tree.insert(candidates[position]!)
      for (const position of first) tree.remove(candidates[position]!)
      expect(tree.isEmpty()).toBe(first.length === paths.length)
      for (const candidate of [...rest, ...candidates]) tree.remove(candidate)
      expect(tree).toEqual(new PathTree<string>())
      expect(tree.isEmpty()).toBe(true)
    }),
  )
})

it('a table that lost all its candidates has no trees', () => {
  const table = createHostTable<string>()
  const hostnames = [undefined, 'a.com', '*.a.com', '*.com']
  const [one, other] = toCandidates(toEntry('x', [toMatch('^/a'), toMatch('=/b')]))
  for (let cycle = 0; cycle < 3; cycle += 1) {
    for (const hostname of hostnames) {
      table.insert(hostname, one!)
      table.insert(hostname, other!)
    }
    expect(table.size).toBe(4)
    for (const hostname of hostnames) table.remove(hostname, one!)
    expect(table.size).toBe(4)
    for (const hostname of hostnames) table.remove(hostname, other!)
    expect(table.size).toBe(0)
  }
})

it('removing what is not there changes nothing', () => {
  const table = createHostTable<string>()
  const [one, other] = toCandidates(toEntry('x', [toMatch('^/a'), toMatch('^/a/b')]))
  table.insert('a.com', one!)
  table.remove('a.com', other!)
  table.remove('b.com', one!)
  expect(table.size).toBe(1)
})
