/** Where a member stands in the text. */
export interface MemberSpan {
  /** The name, quotes included. */
  readonly name: readonly [start: number, end: number]
  readonly value: readonly [start: number, end: number]
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

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
  return text.length
}

/** How much deeper a byte leads that stands outside a string. */
const toDepth = (byte: number | undefined): number => {
  if (byte === 0x7b || byte === 0x5b) return 1
  return byte === 0x7d || byte === 0x5d ? -1 : 0
}

/** @returns the place after the object or list that begins at `from`. */
const skipNested = (text: Buffer, from: number): number => {
  let depth = 0
  let at = from
  do {
    depth += toDepth(text[at])
    at = text[at] === QUOTE ? skipString(text, at) : at + 1
  } while (depth > 0 && at < text.length)
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
  return at
}

/**
 * Finds the members of an object, without what they hold.
 *
 * @param text a JSON object, known to be valid
 * @throws SyntaxError when a name stands there twice: two readers could take different ones
 */
export const findMembers = (text: Buffer): Map<string, MemberSpan> => {
  const members = new Map<string, MemberSpan>()
  let at = skipSpace(text, skipSpace(text, 0) + 1)
  while (text[at] === QUOTE) {
    const nameEnd = skipString(text, at)
    const name: string = JSON.parse(text.toString('utf8', at, nameEnd))
    // After the colon.
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const end = skipValue(text, start)
    if (members.has(name)) throw new SyntaxError(`${JSON.stringify(name)} stands there twice`)
    members.set(name, { name: [at, nameEnd], value: [start, end] })
    // After the comma, or the end.
    at = skipSpace(text, skipSpace(text, end) + 1)
  }
  return members
}

/** What to change in an object. */
export interface MemberEdits {
  /** New values by name, of members that are there or not; they must be what JSON can hold. */
  readonly set?: Readonly<Record<string, unknown>>
  /** New names by name, of members that are there. */
  readonly rename?: Readonly<Record<string, string>>
}

interface Replacement {
  readonly at: readonly [start: number, end: number]
  readonly json: string
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
  members: ReadonlyMap<string, MemberSpan>,
  { set = {}, rename = {} }: MemberEdits,
): Buffer => {
  const replacements: Replacement[] = []
  const added: string[] = []
  for (const [name, value] of Object.entries(set)) {
    const json = JSON.stringify(value)
    const span = members.get(name)
    if (span) replacements.push({ at: span.value, json })
    else added.push(`${JSON.stringify(name)}:${json}`)
  }
  for (const [name, to] of Object.entries(rename)) {
    const span = members.get(name)
    if (span) replacements.push({ at: span.name, json: JSON.stringify(to) })
  }
  if (added.length > 0) {
    const start = skipSpace(text, 0) + 1
    const separator = members.size > 0 ? ',' : ''
    replacements.push({ at: [start, start], json: added.join(',') + separator })
  }
  return replaceAll(text, replacements)
}
