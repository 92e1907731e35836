import { expect, test } from 'vitest'
import { decodeTraceparent } from './traceparent.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test.each([
  [`00-${TRACE}-${SPAN}-01`, 1],
  [`00-${TRACE}-${SPAN}-00`, 0],
  // Flags that are not known do not count.
  [`00-${TRACE}-${SPAN}-fe`, 0],
  [`00-${TRACE}-${SPAN}-03`, 1],
  [`01-${TRACE}-${SPAN}-01`, 1],
  [`cc-${TRACE}-${SPAN}-01-more`, 1],
])('reads %s', (text, traceFlags) => {
  expect(decodeTraceparent(text)).toEqual({
    traceId: TRACE,
    spanId: SPAN,
    traceFlags,
    isRemote: true,
  })
})

test.each([
  ['nothing', undefined],
  ['empty text', ''],
  ['other text', 'hello'],
  ['a version that is none', `ff-${TRACE}-${SPAN}-01`],
  ['more than the version has', `00-${TRACE}-${SPAN}-01-more`],
  ['more that is not set apart', `01-${TRACE}-${SPAN}-01more`],
  ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace that is too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['letters that are no digits', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
  ['no flags', `00-${TRACE}-${SPAN}`],
  ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ['spaces', ` 00-${TRACE}-${SPAN}-01`],
  ['a line break at the end', `00-${TRACE}-${SPAN}-01\n`],
  ['far too much', '0'.repeat(1_000_000)],
])('takes %s for no parent', (_what, text) => {
  expect(decodeTraceparent(text)).toBeUndefined()
})
