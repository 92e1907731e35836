/** Where a member stands in the text. */
export interface MemberSpan {
  /** The name, quotes included. */
  readonly name: readonly [start: number, end: number]
  readonly value: readonly [start: number, end: number]
}

/** The members of an object, by name. */
export type Members = ReadonlyMap<string, MemberSpan>

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN = 0x7b
const CLOSE = 0x7d

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const skipSpace = (text: Buffer, from: number): number => {
  let at = from
  while (isSpace(text[at])) at += 1
  return at
}

/** @returns the place after the closing quote of the string that begins at `from`. */
const skipString = (text: Buffer, from: number): number => {
  let at = text.indexOf(QUOTE, from + 1)
  while (at >= 0) {
    let backslashes = 0
    while (text[at - 1 - backslashes] === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return at + 1
    at = text.indexOf(QUOTE, at + 1)
  }
  throw new SyntaxError('a string does not end')
}

/** How much deeper a byte leads that stands outside a string. */
const toDepth = (byte: number | undefined): number => {
  if (byte === OPEN || byte === 0x5b) return 1
  return byte === CLOSE || byte === 0x5d ? -1 : 0
}

/** @returns the place after the object or list that begins at `from`. */
const skipNested = (text: Buffer, from: number): number => {
  let depth = 0
  let at = from
  do {
    if (at >= text.length) throw new SyntaxError('an object or a list does not end')
    depth += toDepth(text[at])
    at = text[at] === QUOTE ? skipString(text, at) : at + 1
  } while (depth > 0)
  return at
}

const isScalarEnd = (byte: number | undefined): boolean =>
  byte === undefined || byte === COMMA || isSpace(byte) || toDepth(byte) < 0

/** @returns the place after the value that begins at `from`. */
const skipValue = (text: Buffer, from: number): number => {
  if (text[from] === QUOTE) return skipString(text, from)
  if (toDepth(text[from]) > 0) return skipNested(text, from)
  let at = from
  while (!isScalarEnd(text[at])) at += 1
  if (at === from) throw new SyntaxError('a value is missing')
  return at
}

/** @returns the place of this byte, after spaces. */
const expect = (text: Buffer, from: number, byte: number): number => {
  const at = skipSpace(text, from)
  if (text[at] === byte) return at
  throw new SyntaxError(`there is no ${JSON.stringify(String.fromCharCode(byte))} at ${at}`)
}

const readMember = (text: Buffer, from: number): [string, MemberSpan] => {
  const start = expect(text, from, QUOTE)
  const end = skipString(text, start)
  const name: string = JSON.parse(text.toString('utf8', start, end))
  const valueStart = skipSpace(text, expect(text, end, COLON) + 1)
  return [name, { name: [start, end], value: [valueStart, skipValue(text, valueStart)] }]
}

/**
 * Finds the members of an object, without reading what they hold: whether that is valid JSON, it
 * does not say.
 *
 * @throws SyntaxError when it is no object, or when a name stands there twice: two readers could
 * take different ones
 */
export const findMembers = (text: Buffer): Members => {
  const members = new Map<string, MemberSpan>()
  let at = expect(text, 0, OPEN) + 1
  if (text[skipSpace(text, at)] !== CLOSE) {
    for (;;) {
      const [name, span] = readMember(text, at)
      if (members.has(name)) throw new SyntaxError(`${JSON.stringify(name)} stands there twice`)
      members.set(name, span)
      at = skipSpace(text, span.value[1])
      if (text[at] !== COMMA) break
      at += 1
    }
  }
  at = skipSpace(text, expect(text, at, CLOSE) + 1)
  if (at < text.length) throw new SyntaxError('there is more than one value')
  return members
}

/** What to change in an object. */
export interface MemberEdits {
  /** New values by name, of members that are there or not, as JSON. */
  readonly set?: Readonly<Record<string, string | Buffer>>
  /** New names by name, of members that are there. */
  readonly rename?: Readonly<Record<string, string>>
}

interface Replacement {
  readonly at: readonly [start: number, end: number]
  readonly json: string | Buffer
}

const replaceAll = (text: Buffer, replacements: readonly Replacement[]): Buffer => {
  const parts: Buffer[] = []
  let from = 0
  for (const { at, json } of replacements.toSorted((a, b) => a.at[0] - b.at[0])) {
    parts.push(text.subarray(from, at[0]), Buffer.from(json))
    from = at[1]
  }
  parts.push(text.subarray(from))
  return Buffer.concat(parts)
}

/**
 * Changes members of an object, and leaves every other byte as it is.
 *
 * @param members what `findMembers` finds in the text
 */
export const editMembers = (
  text: Buffer,
  members: Members,
  { set = {}, rename = {} }: MemberEdits,
): Buffer => {
  const replacements: Replacement[] = []
  const added: Buffer[] = []
  for (const [name, json] of Object.entries(set)) {
    const span = members.get(name)
    if (span) replacements.push({ at: span.value, json })
    else added.push(Buffer.from(`${JSON.stringify(name)}:`), Buffer.from(json), Buffer.from(','))
  }
  for (const [name, to] of Object.entries(rename)) {
    const span = members.get(name)
    if (span) replacements.push({ at: span.name, json: JSON.stringify(to) })
  }
  if (added.length > 0) {
    const start = skipSpace(text, 0) + 1
    const json = Buffer.concat(members.size > 0 ? added : added.slice(0, -1))
    replacements.push({ at: [start, start], json })
  }
  return replaceAll(text, replacements)
}

/**
 * How many values a text holds at most, were it JSON: what reading it costs, whatever its length.
 */
export const countValues = (text: Buffer): number => {
  let count = 1
  let at = 0
  while (at < text.length) {
    const byte = text[at]
    if (byte === QUOTE) at = skipString(text, at)
    else {
      if (byte === COMMA || toDepth(byte) > 0) count += 1
      at += 1
    }
  }
  return count
}
