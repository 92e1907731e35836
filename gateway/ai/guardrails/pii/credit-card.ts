import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'
import { type DigitGroup, findNumberEnd } from './digits.ts'

/** The shortest group on a card has three digits. */
const START = /(?<![0-9A-Za-z_])[2-6][0-9]{2}/g
/** At most 19 digits. */
const RUN = /[0-9](?:[ \u00a0\u2009\u202f\-\u2010\u2011\u2013]?[0-9]){0,18}/y

/**
 * The first digits of a number by issuer, and how many it has.
 * https://en.wikipedia.org/wiki/Payment_card_number
 */
const ISSUERS: readonly (readonly [first: RegExp, lengths: readonly number[]])[] = [
  // Visa
  [/^4/, [13, 16, 19]],
  // Mastercard
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  // American Express
  [/^3[47]/, [15]],
  // Discover, UnionPay, Maestro
  [/^6/, [16, 17, 18, 19]],
  [/^(?:50|5[6-9])/, [13, 14, 15, 16, 17, 18, 19]],
  // Diners Club
  [/^3(?:0[0-59]|[689])/, [14, 15, 16, 17, 18, 19]],
  // JCB
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  // Mir
  [/^220[0-4]/, [16, 17, 18, 19]],
]

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
const isLuhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30
    const doubled = digit * 2
    if (i % 2 === 0) sum += digit
    else sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const isIssued = (digits: string): boolean =>
  ISSUERS.some(([first, lengths]) => lengths.includes(digits.length) && first.test(digits))

/** In one, or in groups as they stand on a card. */
const isWrittenAsOne = (groups: readonly DigitGroup[]): boolean =>
  groups.every(({ digits, joint }, index) => {
    const isSame = index === 0 || joint === groups[1]?.joint
    return isSame && digits.length >= 3
  })

const CARD = {
  run: RUN,
  minDigits: 13,
  isNumber: (groups: readonly DigitGroup[], digits: string): boolean =>
    isIssued(digits) && isLuhn(digits) && isWrittenAsOne(groups),
}

/** Numbers of payment cards. */
export const findCreditCards = (text: string, from: number): Span[] => {
  const spans: Span[] = []
  for (const { index } of matchFrom(text, from, START)) {
    const end = findNumberEnd(text, index, CARD)
    if (end !== undefined) spans.push({ start: index, end, type: 'CreditCard' })
  }
  return spans
}
