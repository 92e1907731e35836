import { expect, test } from 'vitest'
import { readCacheControl } from './cache-control.ts'

test.each([
  [undefined, undefined],
  ['', undefined],
  ['max-age=0', undefined],
  ['no-cache', 'no-cache'],
  ['No-Cache', 'no-cache'],
  ['max-age=0, no-cache ,x', 'no-cache'],
  ['no-store', 'no-store'],
  ['no-cache,no-store', 'no-store'],
  ['not-no-store', undefined],
])('%j means %j', (header, control) => {
  expect(readCacheControl(header === undefined ? {} : { 'cache-control': header })).toBe(control)
})
