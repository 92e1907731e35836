import { hash } from 'node:crypto'

export const DEFAULT_DIMENSIONS = 8

/** A vector of length one, always the same for the same text. */
export const embed = (text: string, dimensions: number = DEFAULT_DIMENSIONS): Float32Array => {
  const next = createRandom(Number.parseInt(hash('sha256', text).slice(0, 8), 16))
  const vector = Float32Array.from({ length: dimensions }, () => next() * 2 - 1)
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** As the providers encode it: 32-bit floats, little-endian. */
export const toBase64 = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')

/** Mulberry32: small, and good enough to look random. */
const createRandom = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
