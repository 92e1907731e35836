import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'

const START = /(?<![0-9A-Za-z_])[A-Za-z]{2}[0-9]{2}/g
const JOINTED = /[ \u00a0\u202f-]?([0-9A-Za-z])/y
const TAIL_REACH = 80
/** What may become one, were more to follow. */
const TAIL =
  /(?<![0-9A-Za-z_])[A-Za-z](?:[A-Za-z](?:[0-9](?:[0-9][0-9A-Za-z\u00a0\u202f -]{0,76})?)?)?$/

/**
 * Lengths by country.
 * https://www.swift.com/standards/data-standards/iban-international-bank-account-number
 */
const LENGTHS = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18
  DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23
  IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27
  MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19
  SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** ISO 7064, MOD 97-10: https://en.wikipedia.org/wiki/International_Bank_Account_Number */
const isChecked = (iban: string): boolean => {
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

const findEnd = (text: string, from: number): number | undefined => {
  const length = LENGTHS.get(text.slice(from, from + 2).toUpperCase()) ?? 0
  let iban = ''
  JOINTED.lastIndex = from
  while (iban.length < length) {
    const match = JOINTED.exec(text)
    if (!match) return undefined
    iban += match[1]
  }
  const end = JOINTED.lastIndex
  const isWhole = length > 0 && !/[0-9A-Za-z]/.test(text.charAt(end))
  return isWhole && isChecked(iban) ? end : undefined
}

/** Numbers of bank accounts. */
export const findIbans = (text: string, from: number): Span[] => {
  const spans: Span[] = []
  for (const { index } of matchFrom(text, from, START)) {
    const end = findEnd(text, index)
    if (end !== undefined) spans.push({ start: index, end, type: 'IBAN' })
  }
  return spans
}

/** Where a number begins that may go on after the end of a text. */
export const settleIbans = (text: string): number => {
  const start = Math.max(0, text.length - TAIL_REACH)
  const at = text.slice(start).search(TAIL)
  return at < 0 ? text.length : start + at
}
