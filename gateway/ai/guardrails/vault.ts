import { matchMasks, settleMasks } from './masks.ts'

/** What was masked in a request, and is put back in its answer. */
export interface Vault {
  /** By mask. */
  readonly values: ReadonlyMap<string, string>
  /** Whether it is in the request, whoever wrote it: it cannot be given to anything else. */
  readonly isTaken: (mask: string) => boolean
  /** Whether the text of the answer is JSON. */
  readonly isJson: boolean
}

/** JSON, without the quotes. */
const toEscaped = (value: string): string => JSON.stringify(value).slice(1, -1)

/** Puts back what was masked. */
export const unmask = (text: string, { values }: Vault, isJson: boolean): string => {
  let whole = ''
  let passed = 0
  for (const { 0: mask, index } of matchMasks(text)) {
    const value = values.get(mask)
    if (value === undefined) continue
    whole += text.slice(passed, index) + (isJson ? toEscaped(value) : value)
    passed = index + mask.length
  }
  return whole + text.slice(passed)
}

/** Puts back what was masked in a text that comes in pieces. */
export interface Unmasker {
  push(text: string): string
  end(): string
}

export const createUnmasker = (vault: Vault, isJson: boolean): Unmasker => {
  let held = ''
  return {
    push(text) {
      const known = held + text
      const settled = settleMasks(known)
      held = known.slice(settled)
      return unmask(known.slice(0, settled), vault, isJson)
    },
    end() {
      const rest = unmask(held, vault, isJson)
      held = ''
      return rest
    },
  }
}
