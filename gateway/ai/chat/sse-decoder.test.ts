import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSseDecoder, type SseEvent } from './sse-decoder.ts'

const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

const decode = (chunks: Iterable<string>): SseEvent[] => {
  const events: SseEvent[] = []
  const decoder = createSseDecoder((event) => events.push(event))
  for (const chunk of chunks) decoder.push(chunk)
  return events
}

const data = (text: string): SseEvent => ({ name: undefined, data: text })

test.each<[string, string, SseEvent[]]>([
  ['data', 'data: {"a":1}\n\n', [data('{"a":1}')]],
  ['data without a space', 'data:[DONE]\n\n', [data('[DONE]')]],
  ['several lines of data', 'data: {\ndata: }\n\n', [data('{\n}')]],
  ['a name', 'event: ping\ndata: {}\n\n', [{ name: 'ping', data: '{}' }]],
  ['a name that comes after', 'data: {}\nevent: ping\n\n', [{ name: 'ping', data: '{}' }]],
  ['bytes of UTF-8', 'data: grüße 🚀\n\n', [data('grüße 🚀')]],
  ['a mark of the byte order', '\u{feff}data: a\n\n', [data('a')]],
  ['comments', ': PROCESSING\n\n: ping\ndata: a\n\n', [data('a')]],
  ['fields that nobody knows', 'id: 7\nretry: x\nfoo: bar\ndata: a\n\n', [data('a')]],
  ['a name without data', 'event: ping\n\ndata: a\n\n', [data('a')]],
  ['an end that is missing', 'data: a\n\ndata: b\n', [data('a')]],
])('reads %s, wherever it is cut and however its lines end', (_what, text, expected) => {
  for (const lineEnd of ['\n', '\r\n', '\r']) {
    const bytes = latin1(text).replaceAll('\n', lineEnd)
    // A carriage return at the end could be half of a line's end: it waits for more.
    const whole = lineEnd === '\r' && text.endsWith('\n\n') ? `${bytes}:` : bytes
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length]
        const chunks = places.slice(1).map((end, i) => whole.slice(places[i], end))
        expect(decode(chunks)).toEqual(expected)
      }),
    )
  }
})

test('an event as large as an image passes', () => {
  const image = 'x'.repeat(20 << 20)
  const text = `data: ${image}\n\n`
  const chunks = Array.from({ length: 321 }, (_, i) => text.slice(i << 16, (i + 1) << 16))
  expect(decode(chunks)).toEqual([data(image)])
})

test.each([
  ['a line', 'x'.repeat(1 << 20)],
  ['an event', `data: ${'x'.repeat(1 << 20)}\n`],
])('does not follow %s that does not end', (_what, piece) => {
  const decoder = createSseDecoder(() => {})
  decoder.push('data: ')
  expect(() => {
    for (let i = 0; i < 40; i += 1) decoder.push(piece)
  }).toThrow(RangeError)
})

test('what is thrown by the reader of an event reaches the one who pushes', () => {
  const decoder = createSseDecoder(({ data }) => JSON.parse(data))
  expect(() => decoder.push('data: {\n\n')).toThrow(SyntaxError)
})
