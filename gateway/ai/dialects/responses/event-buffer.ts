/** The events of one stream that are written and not sent yet. */
export class EventBuffer {
  #text = ''
  #count = 0

  /** @param fields beside its type and its number */
  write(type: string, fields: object): void {
    const data = JSON.stringify({ type, sequence_number: this.#count, ...fields })
    this.#count += 1
    this.#text += `event: ${type}\ndata: ${data}\n\n`
  }

  /** Hands out what was written since the last time. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}
