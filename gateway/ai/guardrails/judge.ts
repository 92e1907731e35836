import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { Tally } from './findings.ts'
import { isJson } from './json-text.ts'
import type { Piece } from './pieces.ts'

/** What a model or a webhook thinks of a text. */
export interface Judgement {
  readonly isFlagged: boolean
  /** What shall stand in its place, from a webhook that masks. */
  readonly text?: string
}

/** A guardrail that asks somebody else. */
export interface JudgeRule extends CompiledGuardrail {
  readonly check: Extract<CompiledGuardrail['check'], { type: 'model' | 'webhook' }>
}

/** @throws Error when there is no judgement, in time or at all */
export type Judge = (rule: JudgeRule, text: string) => Promise<Judgement>

export const isJudgeRule = (rule: CompiledGuardrail): rule is JudgeRule =>
  rule.check.type === 'model' || rule.check.type === 'webhook'

/** What the rules that ask made of the texts of a call. */
export interface Judged {
  readonly blockedBy?: JudgeRule | undefined
  /** As many as there were, in the same order. */
  readonly texts: readonly string[]
}

/** So many texts of a call are judged at the same time. */
const MAX_PARALLEL = 8

const askFor = async ({ text, isArguments }: Piece, rule: JudgeRule, judge: Judge) => {
  if (text.trim() === '') return text
  const judgement = await judge(rule, text)
  if (!judgement.isFlagged && judgement.text === undefined) return text
  const isUsable = isArguments !== true || !isJson(text) || isJson(judgement.text ?? '')
  return isUsable ? judgement.text : undefined
}

interface Replaced {
  readonly isBlocked: boolean
  readonly texts: readonly string[]
  readonly count: number
}

/** What is flagged without anything to put in its place must not pass. */
const replace = async (
  rule: JudgeRule,
  pieces: readonly Piece[],
  judge: Judge,
): Promise<Replaced> => {
  const texts: string[] = []
  let count = 0
  for (let i = 0; i < pieces.length; i += MAX_PARALLEL) {
    const batch = pieces.slice(i, i + MAX_PARALLEL)
    const replaced = await Promise.all(batch.map((piece) => askFor(piece, rule, judge)))
    for (const [index, text] of replaced.entries()) {
      if (text === undefined) return { isBlocked: true, texts, count: count + 1 }
      if (text !== batch[index]?.text) count += 1
      texts.push(text)
    }
  }
  return { isBlocked: false, texts, count }
}

const toTexts = (pieces: readonly Piece[]): string[] => pieces.map(({ text }) => text)

/** All texts as one: what is said is judged as a whole. */
const flag = async (rule: JudgeRule, pieces: readonly Piece[], judge: Judge): Promise<Replaced> => {
  const texts = toTexts(pieces)
  const whole = texts.filter((text) => text.trim() !== '').join('\n\n')
  const isFlagged = whole !== '' && (await judge(rule, whole)).isFlagged
  return { isBlocked: isFlagged && rule.action === 'Block', texts, count: isFlagged ? 1 : 0 }
}

const ask = async (
  rule: JudgeRule,
  pieces: readonly Piece[],
  judge: Judge,
  tally: Tally,
): Promise<Replaced> => {
  try {
    const judged = await (rule.action === 'Mask' ? replace : flag)(rule, pieces, judge)
    for (let i = 0; i < judged.count; i += 1) tally.count(rule, 'Flagged')
    return judged
  } catch {
    tally.count(rule, 'Failed')
    const isBlocked = rule.action !== 'Audit' && rule.check.onFailure === 'Block'
    return { isBlocked, texts: toTexts(pieces), count: 0 }
  }
}

/** Asks one rule after the other: each sees what those before left. */
export const judgeTexts = async (
  rules: readonly JudgeRule[],
  pieces: readonly Piece[],
  judge: Judge,
  tally: Tally,
): Promise<Judged> => {
  let known = pieces
  for (const rule of rules) {
    const { isBlocked, texts } = await ask(rule, known, judge, tally)
    if (isBlocked) return { blockedBy: rule, texts: [] }
    known = known.map((piece, index) => ({ ...piece, text: texts[index] ?? '' }))
  }
  return { texts: toTexts(known) }
}
