import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import { type Asking, askRule, type JudgeRule } from './judge.ts'
import type { Piece } from './pieces.ts'

/** What the rules that ask made of the texts of a call. */
export interface Judged {
  readonly blockedBy?: CompiledGuardrail | undefined
  /** As many as there were, in the same order. */
  readonly texts: readonly string[]
  /** When those that only report have reported; it never rejects. */
  readonly audited: Promise<void> | undefined
}

const settle = async (audits: readonly Promise<unknown>[]): Promise<void> => {
  await Promise.allSettled(audits)
}

/**
 * Asks one rule after the other: each sees what those before left. Nobody waits for those that only
 * report.
 *
 * @throws the reason of the signal, once it is aborted
 */
export const judgeTexts = async (
  rules: readonly JudgeRule[],
  pieces: readonly Piece[],
  asking: Asking,
): Promise<Judged> => {
  const audits: Promise<void>[] = []
  const toAudited = () => (audits.length > 0 ? settle(audits) : undefined)
  let known = pieces
  for (const rule of rules) {
    if (rule.action === 'Audit') {
      audits.push(settle([askRule(rule, known, asking)]))
      continue
    }
    const { blockedBy, texts } = await askRule(rule, known, asking)
    if (blockedBy) return { blockedBy, texts: [], audited: toAudited() }
    known = known.map((piece, index) => ({ ...piece, text: texts[index] ?? '' }))
  }
  return { texts: known.map(({ text }) => text), audited: toAudited() }
}
