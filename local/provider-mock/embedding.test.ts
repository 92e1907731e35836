import { expect, test } from 'vitest'
import { embed } from './embedding.ts'

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)

test('a vector has length one, in any dimension', () => {
  for (const dimensions of [1, 8, 1536]) {
    const vector = embed('text', dimensions)
    expect(vector).toHaveLength(dimensions)
    expect(dot(vector, vector)).toBeCloseTo(1, 5)
  }
})

test('the same text has the same vector, another has another', () => {
  expect(embed('a')).toEqual(embed('a'))
  expect(Math.abs(dot(embed('a', 256), embed('b', 256)))).toBeLessThan(0.5)
})
