/** Digits without anything between them. */
export interface DigitGroup {
  readonly digits: string
  /** What stands before them. */
  readonly joint: string
  /** Where they end. */
  readonly end: number
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** The place of the next character that is a digit, or is none. */
const skip = (text: string, from: number, digits: boolean): number => {
  let at = from
  while (at < text.length && isDigit(text.charCodeAt(at)) === digits) at += 1
  return at
}

/** @param run digits and what may stand before and between them; sticky, and bounded */
export const readGroups = (text: string, from: number, run: RegExp): DigitGroup[] => {
  run.lastIndex = from
  const [whole = ''] = run.exec(text) ?? []
  const groups: DigitGroup[] = []
  let at = 0
  while (at < whole.length) {
    const start = skip(whole, at, false)
    const end = skip(whole, start, true)
    groups.push({ digits: whole.slice(start, end), joint: whole.slice(at, start), end: from + end })
    at = end
  }
  return groups
}

/** What counts as a number, and how many digits it has at least. */
export interface NumberForm {
  readonly run: RegExp
  readonly minDigits: number
  readonly isNumber: (groups: readonly DigitGroup[], digits: string) => boolean
}

/**
 * Where the longest number ends that begins at `from`: what follows it may be another one.
 *
 * @returns undefined when none begins there
 */
export const findNumberEnd = (
  text: string,
  from: number,
  { run, minDigits, isNumber }: NumberForm,
): number | undefined => {
  const groups = readGroups(text, from, run)
  let digits = groups.map((group) => group.digits).join('')
  for (let last = groups.pop(); last && digits.length >= minDigits; last = groups.pop()) {
    const isWhole = !/[0-9A-Za-z_]/.test(text.charAt(last.end))
    if (isWhole && isNumber([...groups, last], digits)) return last.end
    digits = digits.slice(0, -last.digits.length)
  }
  return undefined
}
