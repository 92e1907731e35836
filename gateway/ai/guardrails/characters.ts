/** Characters, for a look at one of them that costs nothing. */
export type CharacterSet = (code: number) => boolean

/**
 * @param ascii a class as in a regular expression
 * @param others characters beyond ASCII
 */
export const toCharacterSet = (ascii: RegExp, others = ''): CharacterSet => {
  const table = Uint8Array.from({ length: 128 }, (_, code) =>
    ascii.test(String.fromCharCode(code)) ? 1 : 0,
  )
  return (code) => (code < 128 ? table[code] === 1 : others.includes(String.fromCharCode(code)))
}

/** Where the run of such characters begins that ends at `end`; at most `reach` before. */
export const findRunStart = (
  text: string,
  end: number,
  isIn: CharacterSet,
  reach: number,
): number => {
  const least = Math.max(0, end - reach)
  let at = end
  while (at > least && isIn(text.charCodeAt(at - 1))) at -= 1
  return at
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/** The same place, or the one before, where it would cut a character of two halves. */
export const toWholeCharacter = (text: string, at: number): number =>
  at > 0 && isHigh(text.charCodeAt(at - 1)) ? at - 1 : at

/** The matches that begin at `from` or later. */
export const matchFrom = (
  text: string,
  from: number,
  pattern: RegExp,
): RegExpStringIterator<RegExpExecArray> => {
  pattern.lastIndex = from
  return text.matchAll(pattern)
}
