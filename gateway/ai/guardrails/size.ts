import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { Tally } from './findings.ts'
import type { Piece } from './pieces.ts'

/** A guardrail that bounds how much is said. */
export interface SizeRule extends CompiledGuardrail {
  readonly check: Extract<CompiledGuardrail['check'], { type: 'size' }>
}

export const isSizeRule = (rule: CompiledGuardrail): rule is SizeRule => rule.check.type === 'size'

/** Characters as people count them: those of two halves are one. */
const countCharacters = (text: string): number => {
  let count = text.length
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code >= 0xd800 && code <= 0xdbff) count -= 1
  }
  return count
}

const findExcess = (
  { check }: SizeRule,
  pieces: readonly Piece[],
  messages: number,
): 'MaxMessages' | 'MaxCharacters' | undefined => {
  if (messages > (check.maxMessages ?? messages)) return 'MaxMessages'
  const { maxCharacters } = check
  if (maxCharacters === undefined) return undefined
  let count = 0
  for (const { text } of pieces) count += countCharacters(text)
  return count > maxCharacters ? 'MaxCharacters' : undefined
}

/** What is said at one stage of a call. */
export interface Said {
  readonly pieces: readonly Piece[]
  /** How many there are, where that is a question. */
  readonly messages?: number
}

/** @returns the first rule that blocks it; what exceeds the others is counted */
export const findTooLarge = (
  rules: readonly SizeRule[],
  { pieces, messages = 0 }: Said,
  tally: Tally,
): SizeRule | undefined => {
  for (const rule of rules) {
    const excess = findExcess(rule, pieces, messages)
    if (excess === undefined) continue
    tally.count(rule, excess)
    if (rule.action === 'Block') return rule
  }
  return undefined
}
