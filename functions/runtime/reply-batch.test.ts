import { expect, test } from 'vitest'
import { createReplyBatch } from './reply-batch.ts'

test('the first of several gets it all, and the others nothing', async () => {
  const batch = createReplyBatch<string>(5)
  const replies = await Promise.all([batch(['a']), batch([]), batch(['b', 'c']), batch(['d'])])
  expect(replies).toEqual([['a', 'b', 'c', 'd'], [], [], []])
})

test('what comes after a reply begins the next', async () => {
  const batch = createReplyBatch<string>(1)
  expect(await batch(['a'])).toEqual(['a'])
  expect(await batch(['b'])).toEqual(['b'])
})
