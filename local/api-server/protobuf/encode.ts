const varint = (value: number): number[] => {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

/** A field of a protobuf message: a text, or the fields of a message. */
export const field = (number: number, ...content: readonly (string | Uint8Array)[]): Buffer => {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(body.length)]), body])
}
