import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventCutter } from './event-cutter.ts'
import { anyCuts } from './testing/cuts.ts'

const run = (chunks: readonly string[]): string[] => {
  const cutter = new EventCutter()
  return chunks.map((chunk) => cutter.push(chunk))
}

test.each([
  ['a whole event', ['data: a\n\n'], ['data: a\n\n']],
  ['several', ['data: a\n\ndata: b\n\n'], ['data: a\n\ndata: b\n\n']],
  ['one and a part', ['data: a\n\nda', 'ta: b\n\n'], ['data: a\n\n', 'data: b\n\n']],
  ['a part within its end', ['data: a\n', '\n'], ['', 'data: a\n\n']],
  ['a part that ends nothing', ['a', '\n\nb\n\n'], ['', 'a\n\nb\n\n']],
  ['parts of an end, one by one', ['a\r', '\n', '\r', '\n'], ['', '', '', 'a\r\n\r\n']],
  ['both kinds of line ends', ['a\n', '\r\nb\r\n', '\nc'], ['', 'a\n\r\n', 'b\r\n\n']],
  ['the end of an event that has passed', ['a\n\n', '\n'], ['a\n\n', '']],
  ['carriage returns alone', ['a\r\rb'], ['']],
  ['nothing', ['', 'a\n', '', '\n'], ['', '', '', 'a\n\n']],
])('of %s, hands out what is whole', (_what, chunks, expected) => {
  expect(run(chunks)).toEqual(expected)
})

test.each([
  ['line feeds', '\n'],
  ['carriage returns', '\r\n'],
])('loses and adds no byte, wherever the chunks are cut: %s', (_what, line) => {
  const whole = [': ping', '', 'data: {"a":1}', '', 'event: x', 'data: b', '', ''].join(line)
  fc.assert(
    fc.property(anyCuts(whole), (chunks) => {
      const events = run(chunks).filter((text) => text !== '')
      expect(events.join('')).toBe(whole)
      for (const text of events) expect(text.endsWith(line + line)).toBe(true)
    }),
  )
})

test('does not follow an event that does not end', () => {
  const cutter = new EventCutter()
  const chunk = 'x'.repeat(1 << 20)
  for (let i = 0; i < 32; i += 1) cutter.push(chunk)
  expect(() => cutter.push('x')).toThrow(RangeError)
})
