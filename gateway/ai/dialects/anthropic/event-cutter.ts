/** A provider that sends so much without ending an event is not followed; an image fits. */
const MAX_EVENT_BYTES = 33_554_432
/** What may stand on the near side of a cut within the end of an event. */
const SEAM = 3

const findEnd = (text: string, mark: string): number => {
  const at = text.lastIndexOf(mark)
  return at < 0 ? 0 : at + mark.length
}

/** Where the last event that is whole ends: 0 for none. */
const findLastEnd = (text: string): number =>
  Math.max(findEnd(text, '\n\n'), findEnd(text, '\r\n\r\n'))

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
    const near = this.#seam + chunk
    const end = findLastEnd(near)
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
