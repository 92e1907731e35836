/** How each type is called in a mask. */
const LABELS: Readonly<Record<string, string>> = {
  Email: 'EMAIL',
  PhoneNumber: 'PHONE',
  CreditCard: 'CREDIT_CARD',
  IBAN: 'IBAN',
  IPAddress: 'IP_ADDRESS',
  USSocialSecurityNumber: 'SSN',
  Secret: 'SECRET',
  Pattern: 'PATTERN',
  Topic: 'TOPIC',
}

const MASK = /\[[A-Z][A-Z_]{0,15}_[0-9]{1,9}\]/g
/** What may become a mask. */
const TAIL = /\[[A-Z_]{0,17}[0-9]{0,9}$/
const MAX_MASK = 32

/** Everything in a text that looks like a mask. */
export const matchMasks = (text: string, from = 0): RegExpStringIterator<RegExpExecArray> => {
  MASK.lastIndex = from
  return text.matchAll(MASK)
}

/** Where a mask begins that may go on after the end of a text. */
export const settleMasks = (text: string): number => {
  const start = Math.max(0, text.length - MAX_MASK)
  const at = text.slice(start).search(TAIL)
  return at < 0 ? text.length : start + at
}

/** Gives masks to what shall not be seen, the same to the same. */
export interface Masks {
  /** @param isReversible whether it is put back */
  toMask(type: string, value: string, isReversible: boolean): string
  /** What stands behind the masks that are put back. */
  readonly values: ReadonlyMap<string, string>
  /** Whether it was given to something. */
  isGiven(mask: string): boolean
}

/**
 * Numbers follow the order of the text: what is masked once more later, such as a conversation that
 * goes on, gets the masks that it had.
 *
 * @param isTaken whether a mask means something else
 */
export const createMasks = (isTaken: (mask: string) => boolean): Masks => {
  const given = new Map<string, string>()
  const masks = new Set<string>()
  const values = new Map<string, string>()
  const numbers = new Map<string, number>()

  const choose = (label: string): string => {
    let number = numbers.get(label) ?? 0
    let mask: string
    do {
      number += 1
      mask = `[${label}_${number}]`
    } while (isTaken(mask))
    numbers.set(label, number)
    return mask
  }

  return {
    values,
    isGiven: (mask) => masks.has(mask),
    toMask(type, value, isReversible) {
      const key = `${isReversible} ${type} ${value}`
      const known = given.get(key)
      if (known !== undefined) return known
      const mask = choose(LABELS[type] ?? 'MASK')
      given.set(key, mask)
      masks.add(mask)
      if (isReversible) values.set(mask, value)
      return mask
    },
  }
}
