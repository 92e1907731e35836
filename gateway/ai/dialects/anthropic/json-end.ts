const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENERS = new Set([0x5b, 0x7b])
const CLOSERS = new Set([0x5d, 0x7d])

/** Finds where an object of JSON ends that comes in pieces. */
export class JsonEnd {
  #depth = 0
  #inString = false
  #isEscaped = false
  /** Whether the object is whole. */
  isReached = false

  push(piece: string): void {
    for (let i = 0; i < piece.length && !this.isReached; i += 1) this.#read(piece.charCodeAt(i))
  }

  #read(code: number): void {
    if (this.#inString) this.#readInString(code)
    else if (code === QUOTE) this.#inString = true
    else if (OPENERS.has(code)) this.#depth += 1
    else if (CLOSERS.has(code)) {
      this.#depth -= 1
      this.isReached = this.#depth <= 0
    }
  }

  #readInString(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (code === BACKSLASH) this.#isEscaped = true
    else if (code === QUOTE) this.#inString = false
  }
}
