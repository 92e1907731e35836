import { expect, test } from 'vitest'
import { createCallId } from './call-id.ts'

test('keeps the id of an answer in those of its calls', () => {
  expect(createCallId('chatcmpl-7.x', 0)).toBe('call_chatcmpl-7_x_0')
})

test('makes no id that is longer than any provider takes', () => {
  const ids = [0, 1, 0].map((index) => createCallId(`chatcmpl-${'x'.repeat(60)}`, index))
  expect(ids[0]).toMatch(/^call_[0-9a-f]{32}$/)
  expect(ids[1]).not.toBe(ids[0])
  expect(ids[2]).toBe(ids[0])
})
