import { expect, test } from 'vitest'
import { createNameTable, toLowerName } from './name-table.ts'

test('a name is lowered, whatever its case', () => {
  expect(['Host', 'HOST', 'host', 'Host'].map(toLowerName)).toEqual(Array(4).fill('host'))
})

test('a name is classified once', () => {
  const asked: string[] = []
  const classOf = createNameTable((name) => {
    asked.push(name)
    return 'keep'
  })
  for (const name of ['Accept', 'Accept', 'accept']) classOf(name)
  expect(asked).toEqual(['accept', 'accept'])
})

test('a flood of names neither stays nor changes the answers', () => {
  let asked = 0
  const classOf = createNameTable((name) => {
    asked++
    return name === 'te' ? 'drop' : 'keep'
  })
  classOf('TE')
  for (let i = 0; i < 5000; i++) classOf(`x-${i}`)
  const before = asked
  expect(classOf('TE')).toBe('drop')
  expect(asked).toBe(before + 1)
})

test('an overlong name is not remembered', () => {
  let asked = 0
  const classOf = createNameTable(() => {
    asked++
    return 'keep'
  })
  const name = 'x'.repeat(65)
  classOf(name)
  classOf(name)
  expect(asked).toBe(2)
})
