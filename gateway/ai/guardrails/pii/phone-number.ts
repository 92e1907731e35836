import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'
import { type DigitGroup, findNumberEnd } from './digits.ts'

const SPACE = ' \\u00a0\\u2009\\u202f'
const SEPARATOR = `${SPACE}.\\-\\u2010\\u2011\\u2013/`
const BEFORE = '(?<![0-9A-Za-z_+]|[0-9][.,-])'

/** North America has a form of its own: (415) 555-2671, 1-800-555-0199. */
const NORTH_AMERICAN = new RegExp(
  `${BEFORE}(?:1[${SEPARATOR}]?)?` +
    `(?:\\([2-9](?!11)[0-9]{2}\\)[${SEPARATOR}]?|[2-9](?!11)[0-9]{2}[${SEPARATOR}])` +
    `[2-9](?!11)[0-9]{2}[${SEPARATOR}][0-9]{4}(?![0-9A-Za-z_])`,
  'g',
)

/** Elsewhere it begins with a plus sign, or with a 0 or two in its place. */
const START = new RegExp(`${BEFORE}(?:\\+ ?\\(?[1-9]|\\(?0(?:[1-9]|0[1-9]))`, 'g')
const RUN = new RegExp(
  `\\+? ?\\(?[0-9](?:(?:\\)?[${SEPARATOR}]|[${SPACE}]?\\(|\\))?[0-9]){0,16}`,
  'y',
)

/** https://www.itu.int/rec/T-REC-E.164: the digits of a number, its country's among them. */
const MIN_INTERNATIONAL = 8
const MAX_INTERNATIONAL = 15
/** In one, such short ones are more often amounts: +20000000. */
const MIN_IN_ONE = 10

const isInternational = (digits: string, isInOne: boolean): boolean => {
  if (digits.startsWith('1')) return /^1[2-9][0-9]{2}[2-9][0-9]{6}$/.test(digits)
  return (
    digits.length >= (isInOne ? MIN_IN_ONE : MIN_INTERNATIONAL) &&
    digits.length <= MAX_INTERNATIONAL
  )
}

/** +44 (0)20 ...: the digit in brackets is for calls within the country. */
const withoutTrunk = (groups: readonly DigitGroup[]): string =>
  groups
    .filter(({ digits, joint }, index) => index === 0 || !(digits === '0' && joint.endsWith('(')))
    .map(({ digits }) => digits)
    .join('')

/** What divides the groups after the first is the same everywhere: no date, no time. */
const isEven = (groups: readonly DigitGroup[]): boolean => {
  const [first = '', ...others] = groups.slice(1).map(({ joint }) => joint)
  return new Set(others).size <= 1 && (first !== '.' || others.every((joint) => joint === '.'))
}

/** The forms of most other countries: a 0, the area, the number; not without a separator. */
const isNational = (groups: readonly DigitGroup[], digits: string): boolean =>
  groups.length > 1 &&
  digits.length >= 9 &&
  digits.length <= 12 &&
  groups.every((group) => group.digits.length >= 2) &&
  isEven(groups)

const NUMBER = {
  run: RUN,
  minDigits: MIN_INTERNATIONAL,
  isNumber: (groups: readonly DigitGroup[], digits: string): boolean => {
    if (groups[0]?.joint.startsWith('+'))
      return isInternational(withoutTrunk(groups), groups.length === 1)
    if (!digits.startsWith('00')) return isNational(groups, digits)
    return groups.length > 1 && isInternational(digits.slice(2), false)
  },
}

/** A bracket that is not closed within belongs to what stands around. */
const toSpan = (text: string, start: number, end: number): Span => {
  const isOpen = text[start] === '(' && !text.slice(start, end).includes(')')
  return { start: isOpen ? start + 1 : start, end, type: 'PhoneNumber' }
}

/** Phone numbers that say by their form what they are. */
export const findPhoneNumbers = (text: string, from: number): Span[] => {
  const spans: Span[] = []
  for (const { 0: number, index } of matchFrom(text, from, NORTH_AMERICAN)) {
    spans.push(toSpan(text, index, index + number.length))
  }
  for (const { index } of matchFrom(text, from, START)) {
    const end = findNumberEnd(text, index, NUMBER)
    if (end !== undefined) spans.push(toSpan(text, index, end))
  }
  return spans
}
