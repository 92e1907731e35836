import { expect, test } from 'vitest'
import { decodeFrame } from './decode-frame.ts'
import { encodeFrames } from './testing/event-stream.ts'

const FRAME = encodeFrames([{ event: 'contentBlockStop', data: { contentBlockIndex: 0, p: 'ab' } }])

test('the frames of the goldens are byte for byte what AWS sends', () => {
  // Lengths and checksums of a frame that was recorded.
  expect(FRAME.toString('hex', 0, 12)).toBe('0000008600000056d98c6e9a')
  expect(FRAME.toString('hex', FRAME.length - 4)).toBe('f3388a20')
})

test('a frame is read', () => {
  expect(decodeFrame(FRAME)).toEqual({
    isError: false,
    name: 'contentBlockStop',
    data: { contentBlockIndex: 0, p: 'ab' },
  })
})

test.each([4, 20, 100, FRAME.length - 1])('a change of byte %i is seen', (at) => {
  const changed = Buffer.from(FRAME)
  changed[at] = (changed[at] ?? 0) ^ 1
  expect(() => decodeFrame(changed)).toThrow()
})
