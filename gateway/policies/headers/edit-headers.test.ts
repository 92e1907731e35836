import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HeaderEdits } from '#config/compiled/api-route.ts'
import { createHeaderEditor } from './edit-headers.ts'

const edits = (part: Partial<HeaderEdits>): HeaderEdits => ({
  set: [],
  add: [],
  remove: [],
  ...part,
})
const edit = (part: Partial<HeaderEdits>, headers: string[]) =>
  createHeaderEditor(edits(part))?.(headers)

test('without edits there is no editor', () => {
  expect(createHeaderEditor(undefined)).toBeUndefined()
  expect(createHeaderEditor(edits({}))).toBeUndefined()
})

describe('set', () => {
  test('replaces all occurrences at the position of the first', () => {
    const headers = ['A', '1', 'x-user', 'old', 'B', '2', 'X-USER', 'older', 'C', '3']
    expect(edit({ set: [['X-User', 'new']] }, headers)).toEqual([
      'A',
      '1',
      'X-User',
      'new',
      'B',
      '2',
      'C',
      '3',
    ])
  })

  test('adds a header that is not there', () => {
    expect(edit({ set: [['X-User', 'new']] }, ['A', '1'])).toEqual(['A', '1', 'X-User', 'new'])
  })

  test('takes the first of two entries of one name', () => {
    const set: HeaderEdits['set'] = [
      ['x-a', '1'],
      ['X-A', '2'],
    ]
    expect(edit({ set }, ['x-a', '0'])).toEqual(['x-a', '1'])
  })
})

test('add appends to what is there', () => {
  expect(
    edit(
      {
        add: [
          ['Via', 'b'],
          ['Via', 'c'],
        ],
      },
      ['via', 'a'],
    ),
  ).toEqual(['via', 'a', 'Via', 'b', 'Via', 'c'])
})

test('remove drops all occurrences in any case', () => {
  expect(edit({ remove: ['x-a'] }, ['X-A', '1', 'B', '2', 'x-a', '3'])).toEqual(['B', '2'])
})

test('remove is the last word, and set comes before add', () => {
  const all = edits({
    set: [
      ['x-a', '1'],
      ['x-b', '1'],
    ],
    add: [
      ['X-A', '2'],
      ['x-b', '2'],
    ],
    remove: ['x-a'],
  })
  expect(createHeaderEditor(all)?.(['x-a', '0', 'x-b', '0'])).toEqual(['x-b', '1', 'x-b', '2'])
})

test('the given list is left as it is', () => {
  const headers = ['x-a', '0']
  edit({ set: [['x-a', '1']], add: [['x-b', '2']] }, headers)
  expect(headers).toEqual(['x-a', '0'])
})

test.each(['Content-Length', 'transfer-encoding', 'HOST', 'Connection', 'Upgrade', 'TE'])(
  '%s cannot be edited',
  (name) => {
    expect(() => createHeaderEditor(edits({ set: [[name, '1']] }))).toThrow('cannot be edited')
    expect(() => createHeaderEditor(edits({ add: [[name, '1']] }))).toThrow('cannot be edited')
    expect(() => createHeaderEditor(edits({ remove: [name] }))).toThrow('cannot be edited')
  },
)

test('no edit can inject a header line', () => {
  const unit = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('a', 'B', '-', '1') },
    { weight: 1, arbitrary: fc.constantFrom(':', ' ', '\t', '\r', '\n', '\0', '"') },
    { weight: 1, arbitrary: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)) },
  )
  const nasty = fc.string({ unit, maxLength: 5 })
  const pairs = fc.array(fc.tuple(nasty, nasty), { maxLength: 2 })
  const anyEdits = fc.record({ set: pairs, add: pairs, remove: fc.array(nasty, { maxLength: 1 }) })
  let accepted = 0
  fc.assert(
    fc.property(anyEdits, (some) => {
      const headers = tryEdit(some)
      if (headers === undefined) return
      accepted++
      for (let i = 0; i < headers.length; i += 2) {
        expect(headers[i]).toMatch(/^[^\s:"(),/;<=>?@[\\\]{}]+$/)
        expect(headers[i + 1]).not.toMatch(/[\r\n\0]|[^\0-ÿ]/)
      }
    }),
    { numRuns: 300 },
  )
  expect(accepted).toBeGreaterThan(10)
})

const tryEdit = (some: HeaderEdits): string[] | undefined => {
  try {
    return createHeaderEditor(some)?.(['a', '1'])
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return undefined
  }
}
