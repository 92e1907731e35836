/** A varint, or the bytes of anything else. */
export type WireValue = bigint | Uint8Array

/** One field of a protobuf message: its number and value; lengths are bytes, varints are bigints. */
export interface WireField {
  readonly number: number
  readonly value: WireValue
}

const readVarint = (bytes: Uint8Array, start: number): { value: bigint; next: number } => {
  let value = 0n
  for (let at = start; at < bytes.length && at - start < 10; at += 1) {
    const byte = bytes[at] ?? 0
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start))
    if (byte < 0x80) return { value, next: at + 1 }
  }
  throw new RangeError('a varint does not end')
}

const slice = (bytes: Uint8Array, start: number, length: number): Uint8Array => {
  if (length < 0 || start + length > bytes.length) throw new RangeError('a field does not end')
  return bytes.subarray(start, start + length)
}

/**
 * Reads the fields of a protobuf message in the order they are written.
 * @throws RangeError when the bytes are no message
 */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0
  while (at < bytes.length) {
    const tag = readVarint(bytes, at)
    const number = Number(tag.value >> 3n)
    const wireType = Number(tag.value & 7n)
    const body = readVarintOr(wireType, bytes, tag.next)
    yield { number, value: body.value }
    at = body.next
  }
}

const FIXED_BYTES: Record<number, number> = { 1: 8, 5: 4 }

const readVarintOr = (
  wireType: number,
  bytes: Uint8Array,
  at: number,
): { value: WireValue; next: number } => {
  if (wireType === 0) return readVarint(bytes, at)
  const fixed = FIXED_BYTES[wireType]
  if (fixed !== undefined) return { value: slice(bytes, at, fixed), next: at + fixed }
  if (wireType !== 2) throw new RangeError(`wire type ${wireType} is not used here`)
  const { value, next } = readVarint(bytes, at)
  const length = Number(value)
  return { value: slice(bytes, next, length), next: next + length }
}
