interface Frame {
  /** Keys seen so far; undefined in a list. */
  readonly keys: Set<string> | undefined
  readonly path: string
  key: string
  index: number
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

const pathOf = (frame: Frame | undefined): string => {
  if (!frame) return ''
  if (!frame.keys) return `${frame.path}[${frame.index}]`
  return frame.path ? `${frame.path}.${frame.key}` : frame.key
}

/** Walks the tokens of a JSON text; values are skipped, keys are compared within their object. */
class DuplicateFinder {
  readonly found: string[] = []
  readonly #stack: Frame[] = []
  #expectsKey = false

  read(token: string): void {
    if (token === '{' || token === '[') this.#open(token)
    else if (token === '}' || token === ']') this.#close()
    else if (token === ',') this.#next()
    else if (token === ':') this.#expectsKey = false
    else if (this.#expectsKey) this.#key(JSON.parse(token) as string)
  }

  #open(token: string): void {
    const keys = token === '{' ? new Set<string>() : undefined
    this.#stack.push({ keys, path: pathOf(this.#stack.at(-1)), key: '', index: 0 })
    this.#expectsKey = keys !== undefined
  }

  #close(): void {
    this.#stack.pop()
    this.#expectsKey = false
  }

  #next(): void {
    const frame = this.#stack.at(-1)
    if (!frame) return
    frame.index += 1
    this.#expectsKey = frame.keys !== undefined
  }

  #key(key: string): void {
    const frame = this.#stack.at(-1)
    if (!frame?.keys) return
    frame.key = key
    if (frame.keys.has(key)) this.found.push(pathOf(frame))
    frame.keys.add(key)
  }
}

/** Paths of the fields that are written twice in a JSON text, which JSON.parse does not tell. */
export const duplicateFields = (text: string): string[] => {
  const finder = new DuplicateFinder()
  for (const [token] of text.matchAll(TOKEN)) finder.read(token)
  return finder.found
}
