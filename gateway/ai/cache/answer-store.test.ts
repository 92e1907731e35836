import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ChatAnswer } from '../chat/answer.ts'
import { createAnswerStore } from './answer-store.ts'
import { toAnswer } from './testing/calls.ts'

const forever = { expiresAtMs: Number.POSITIVE_INFINITY }
const place = { group: 'g', vector: Float32Array.of(1, 0) }

const folder = new URL('../chat/goldens/answers/', import.meta.url)

test.each(readdirSync(folder))('gives back what was kept: %s', (file) => {
  const answer: ChatAnswer = parse(readFileSync(new URL(file, folder), 'utf8'))
  const store = createAnswerStore()
  store.keep('a', answer, forever)
  expect(store.find('a', 0)).toEqual(answer)
})

test('text of any kind comes back as it was', () => {
  const answer = toAnswer('grüße 🚀 \u0000 \u2028 \ud800')
  const store = createAnswerStore()
  store.keep('a', answer, forever)
  expect(store.find('a', 0)).toEqual(answer)
})

test('who changes an answer changes nobody else’s', () => {
  const store = createAnswerStore()
  store.keep('a', toAnswer('yes'), forever)
  Object.assign(store.find('a', 0) ?? {}, { parts: [] })
  expect(store.find('a', 0)).toEqual(toAnswer('yes'))
})

test('an answer is found until it expires, and then takes no room', () => {
  const store = createAnswerStore()
  store.keep('a', toAnswer('yes'), { expiresAtMs: 100, place })
  expect(store.find('a', 99)).toBeDefined()
  expect(store.findSimilar(place, 0.9, 99)).toBeDefined()
  expect(store.findSimilar(place, 0.9, 100)).toBeUndefined()
  expect(store.find('a', 100)).toBeUndefined()
  expect(store.bytes).toBe(0)
})

test('an answer that has expired hides no other one', () => {
  const store = createAnswerStore()
  store.keep('near', toAnswer('near'), { expiresAtMs: 100, place })
  const vector = Float32Array.of(0.96, 0.28)
  store.keep('far', toAnswer('far'), { expiresAtMs: 200, place: { group: 'g', vector } })
  expect(store.findSimilar(place, 0.9, 99)).toEqual(toAnswer('near'))
  expect(store.findSimilar(place, 0.9, 100)).toEqual(toAnswer('far'))
})

test('a new answer takes the place of the old one, and its time', () => {
  const store = createAnswerStore()
  store.keep('a', toAnswer('old'), { expiresAtMs: 100, place })
  const { bytes } = store
  store.keep('a', toAnswer('new'), { expiresAtMs: 200 })
  expect(store.find('a', 150)).toEqual(toAnswer('new'))
  expect(store.findSimilar(place, 0.9, 150)).toEqual(toAnswer('new'))
  expect(store.bytes).toBe(bytes)
})

test('of too many bytes, what was not asked for the longest goes first', () => {
  const measure = createAnswerStore()
  measure.keep('a', toAnswer('x'.repeat(1000)), forever)
  const store = createAnswerStore({ maxBytes: 3 * measure.bytes })
  const keep = (key: string) => store.keep(key, toAnswer('x'.repeat(1000)), forever)
  for (const key of ['a', 'b', 'c']) keep(key)
  expect(store.bytes).toBe(3 * measure.bytes)
  store.find('a', 0)
  keep('d')
  expect(store.bytes).toBe(3 * measure.bytes)
  expect(['a', 'b', 'c', 'd'].filter((key) => store.find(key, 0)).join('')).toBe('acd')
})

test('one long answer drives out several short ones', () => {
  const store = createAnswerStore({ maxBytes: 10_000 })
  for (let i = 0; i < 100; i += 1) store.keep(String(i), toAnswer('short'), forever)
  store.keep('long', toAnswer('x'.repeat(9000)), forever)
  expect(store.find('long', 0)).toBeDefined()
  expect(store.bytes).toBeGreaterThan(9000)
  expect(store.bytes).toBeLessThanOrEqual(10_000)
  expect(store.find('99', 0)).toBeUndefined()
})

test('vectors take room too, and go with their answers', () => {
  const vector = new Float32Array(1024).fill(1 / 32)
  const store = createAnswerStore({ maxBytes: 12_000 })
  for (const key of ['a', 'b', 'c'])
    store.keep(key, toAnswer(key), { ...forever, place: { group: key, vector } })
  expect(store.bytes).toBeLessThanOrEqual(12_000)
  expect(store.findSimilar({ group: 'a', vector }, 0.9, 0)).toBeUndefined()
  expect(store.findSimilar({ group: 'c', vector }, 0.9, 0)).toEqual(toAnswer('c'))
})

test('an answer of more than a mebibyte, with its vector, is not kept, nor the one before it', () => {
  const store = createAnswerStore()
  store.keep('a', toAnswer('short'), { ...forever, place })
  store.keep('a', toAnswer('x'.repeat(1 << 20)), forever)
  expect(store.find('a', 0)).toBeUndefined()
  expect(store.findSimilar(place, 0.9, 0)).toBeUndefined()
  expect(store.bytes).toBe(0)
  const vector = new Float32Array(1 << 18)
  store.keep('a', toAnswer('short'), { ...forever, place: { group: 'g', vector } })
  expect(store.bytes).toBe(0)
  store.keep('b', toAnswer('x'.repeat((1 << 20) - 1024)), forever)
  expect(store.find('b', 0)).toBeDefined()
})
