import type { PiiType } from '#config/compiled/guardrail.ts'
import { type CharacterSet, findRunStart, toCharacterSet } from '../characters.ts'
import type { Find, Span } from '../span.ts'
import { findCreditCards } from './credit-card.ts'
import { findEmails } from './email.ts'
import { findIbans, settleIbans } from './iban.ts'
import { findIpAddresses } from './ip-address.ts'
import { findPhoneNumbers } from './phone-number.ts'
import { findPrivateKeys, settlePrivateKeys } from './private-key.ts'
import { findSecrets } from './secret.ts'
import { findSocialSecurityNumbers } from './social-security-number.ts'

/** How one type is found. */
interface Detector {
  readonly find: (text: string, from: number) => readonly Span[]
  /** Where what may go on after the end of a text begins. */
  readonly settle: (text: string, from: number) => number
}

/** All that stands in one, and how long it is at most. */
const settleRun = (isIn: CharacterSet, reach: number) => (text: string) =>
  findRunStart(text, text.length, isIn, reach)

const NUMBERS = settleRun(
  toCharacterSet(/[0-9 .()/+-]/, '\u00a0\u2009\u202f\u2010\u2011\u2013'),
  80,
)

const DETECTORS: Record<PiiType, readonly Detector[]> = {
  Email: [{ find: findEmails, settle: settleRun(toCharacterSet(/[A-Za-z0-9._%+'@-]/), 640) }],
  PhoneNumber: [{ find: findPhoneNumbers, settle: NUMBERS }],
  CreditCard: [{ find: findCreditCards, settle: NUMBERS }],
  IBAN: [{ find: findIbans, settle: settleIbans }],
  IPAddress: [{ find: findIpAddresses, settle: settleRun(toCharacterSet(/[0-9A-Fa-f:.]/), 64) }],
  USSocialSecurityNumber: [{ find: findSocialSecurityNumbers, settle: NUMBERS }],
  Secret: [
    { find: findSecrets, settle: settleRun(toCharacterSet(/[A-Za-z0-9_.+/=-]/), 8192) },
    { find: findPrivateKeys, settle: settlePrivateKeys },
  ],
}

/** Finds what belongs to a person, and secrets. */
export const createPiiFinder = (types: readonly PiiType[]): Find => {
  const detectors = types.flatMap((type) => DETECTORS[type])
  return ({ text, from }) => ({
    spans: detectors.flatMap(({ find }) => find(text, from)),
    settled: Math.min(...detectors.map(({ settle }) => settle(text, from))),
  })
}
