import { expect, test } from 'vitest'
import { createFrameCutter } from './cut-frames.ts'

const toFrame = (length: number): string => {
  const frame = Buffer.alloc(length, 0xe9)
  frame.writeUInt32BE(length)
  return frame.toString('latin1')
}

const cutAll = (chunks: Iterable<string>): string[] => {
  const cut = createFrameCutter()
  return Array.from(chunks).flatMap((chunk) => cut(chunk).map((frame) => frame.toString('latin1')))
}

const FRAMES = [toFrame(16), toFrame(300), toFrame(17)]
const WHOLE = FRAMES.join('')

test('cuts several frames out of one piece', () => {
  expect(cutAll([WHOLE])).toEqual(FRAMES)
})

test('puts frames together from pieces of any length', () => {
  for (const size of [1, 3, 4, 5, 16, 299]) {
    const pieces = WHOLE.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    expect(cutAll(pieces)).toEqual(FRAMES)
  }
})

test('keeps a frame that is not whole', () => {
  expect(cutAll([WHOLE.slice(0, -1)])).toEqual(FRAMES.slice(0, 2))
})

test.each([
  ['the start of a page', '<html>'],
  ['less than a frame has', '\0\0\0\x0f'],
  ['more than 32 MiB', '\x02\0\0\x01'],
])('refuses %s', (_name, chunk) => {
  expect(() => createFrameCutter()(chunk)).toThrow(RangeError)
})

test('waits for a frame of 32 MiB', () => {
  expect(createFrameCutter()('\x02\0\0\0')).toEqual([])
})

test('takes no longer for a byte of a frame that is long', () => {
  const pieces = Array.from({ length: 400_000 }, () => '\xe9')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(pieces.length + 4)
  expect(cutAll([length.toString('latin1'), ...pieces])).toHaveLength(1)
}, 5000)
