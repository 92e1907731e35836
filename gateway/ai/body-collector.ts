/** A body that is held until it is whole. */
export interface BodyCollector {
  /** @returns false once it is too large; then what was held is let go */
  add(chunk: Buffer): boolean
  toBuffer(): Buffer
  /** How much has come. */
  readonly bytes: number
}

export const createBodyCollector = (maxBytes: number): BodyCollector => {
  const chunks: Buffer[] = []
  let bytes = 0
  return {
    add(chunk) {
      bytes += chunk.length
      // A chunk of the upstream is valid during its call only.
      if (bytes <= maxBytes) chunks.push(Buffer.from(chunk))
      else chunks.length = 0
      return bytes <= maxBytes
    },
    get bytes() {
      return bytes
    },
    toBuffer: () => Buffer.concat(chunks),
  }
}
