/** Every frame begins with its own length. */
const LENGTH_BYTES = 4
/** The lengths and their checksum, and the checksum of the whole. */
const MIN_FRAME_BYTES = 16
/** A provider that sends so much without ending a frame is not followed; an image fits. */
const MAX_FRAME_BYTES = 33_554_432

const readLength = (bytes: Buffer): number => {
  const length = bytes.readUInt32BE(0)
  if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) {
    throw new RangeError(`a frame of ${length} bytes is none`)
  }
  return length
}

/** The frames that are whole, and what is left. */
const split = (bytes: Buffer): { frames: Buffer[]; rest: Buffer; needed: number } => {
  const frames: Buffer[] = []
  let rest = bytes
  while (rest.length >= LENGTH_BYTES) {
    const length = readLength(rest)
    if (rest.length < length) return { frames, rest, needed: length }
    frames.push(rest.subarray(0, length))
    rest = rest.subarray(length)
  }
  return { frames, rest, needed: LENGTH_BYTES }
}

/**
 * Cuts a stream into its frames, whatever pieces it comes in (one byte per character). Pieces are
 * put together no sooner than a frame is whole.
 *
 * @throws RangeError for what can be no frame
 */
export const createFrameCutter = (): ((chunk: string) => readonly Buffer[]) => {
  let held: string[] = []
  let heldBytes = 0
  let needed = LENGTH_BYTES
  return (chunk) => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < needed) return []
    const cut = split(Buffer.from(held.join(''), 'latin1'))
    held = [cut.rest.toString('latin1')]
    heldBytes = cut.rest.length
    needed = cut.needed
    return cut.frames
  }
}
