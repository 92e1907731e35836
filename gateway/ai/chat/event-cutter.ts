/** A provider that sends so much without ending an event is not followed; an image fits. */
const MAX_EVENT_BYTES = 33_554_432
/** The ends of an event; with carriage returns, another may stand before the second. */
const UNIX_END = '\n\n'
const DOS_END = '\n\r\n'
/** What may stand on the near side of a cut within them. */
const SEAM = 2

const findEnd = (text: string, mark: string): number => {
  const at = text.lastIndexOf(mark)
  return at < 0 ? 0 : at + mark.length
}

/** Cuts a stream of events behind those that are whole. Strings hold one byte per character. */
export class EventCutter {
  #held: string[] = []
  #length = 0
  #seam = ''

  /**
   * @returns the events that are whole now, byte for byte; empty where there are none
   * @throws RangeError for an event that does not end
   */
  push(chunk: string): string {
    // The usual chunk, and not worth a search.
    if (this.#length === 0 && chunk.endsWith(UNIX_END)) return chunk
    const near = this.#seam + chunk
    const end = Math.max(findEnd(near, UNIX_END), findEnd(near, DOS_END))
    if (end === 0) {
      this.#hold(chunk, near)
      return ''
    }
    const cut = end - this.#seam.length
    const whole = this.#held.join('') + chunk.slice(0, cut)
    this.#held = []
    this.#length = 0
    const rest = chunk.slice(cut)
    this.#hold(rest, rest)
    return whole
  }

  #hold(text: string, near: string): void {
    this.#length += text.length
    if (this.#length > MAX_EVENT_BYTES) throw new RangeError('an event does not end')
    this.#seam = near.slice(-SEAM)
    if (text !== '') this.#held.push(text)
  }
}
