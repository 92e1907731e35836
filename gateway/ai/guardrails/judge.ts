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

/**
 * @param signal aborted when nobody waits any more
 * @throws Error when there is no judgement, in time or at all
 */
export type Judge = (
  rule: JudgeRule,
  text: string,
  signal?: AbortSignal | undefined,
) => Promise<Judgement>

export const isJudgeRule = (rule: CompiledGuardrail): rule is JudgeRule =>
  rule.check.type === 'model' || rule.check.type === 'webhook'

/** How judges are asked for one call. */
export interface Asking {
  readonly judge: Judge
  readonly tally: Tally
  readonly signal?: AbortSignal | undefined
}

/** What one rule made of the texts of a call. */
export interface Replaced {
  readonly blockedBy?: CompiledGuardrail | undefined
  readonly texts: readonly string[]
}

/** So many texts of a call are judged at the same time. */
const MAX_PARALLEL = 8
/** So many are judged one by one. */
const MAX_TEXTS = 200

const isSaid = ({ text }: Pick<Piece, 'text'>): boolean => text.trim() !== ''

/** Whether a text can stand in the place of a piece. */
const fits = ({ text, form }: Piece, replacement: string): boolean => {
  if (form === undefined || replacement === text) return true
  return form === 'json' && (!isJson(text) || isJson(replacement))
}

/** @returns undefined for what is flagged without anything to put in its place */
const askFor = async (piece: Piece, rule: JudgeRule, { judge, signal }: Asking) => {
  if (!isSaid(piece)) return piece.text
  const { isFlagged, text } = await judge(rule, piece.text, signal)
  if (text === undefined) return isFlagged ? undefined : piece.text
  return fits(piece, text) ? text : undefined
}

const countFlags = (rule: JudgeRule, count: number, tally: Tally): void => {
  for (let i = 0; i < count; i += 1) tally.count(rule, 'Flagged')
}

const refuseMany = (rule: JudgeRule, tally: Tally): Replaced => {
  tally.count(rule, 'TooManyTexts')
  const message = `There are too many texts for the guardrail '${rule.name}': it looks at ${MAX_TEXTS} at most.`
  return { blockedBy: { ...rule, message }, texts: [] }
}

/** What is flagged without anything to put in its place must not pass. */
const replace = async (
  rule: JudgeRule,
  pieces: readonly Piece[],
  asking: Asking,
): Promise<Replaced> => {
  if (pieces.filter(isSaid).length > MAX_TEXTS) return refuseMany(rule, asking.tally)
  const texts: string[] = []
  let count = 0
  for (let i = 0; i < pieces.length; i += MAX_PARALLEL) {
    asking.signal?.throwIfAborted()
    const batch = pieces.slice(i, i + MAX_PARALLEL)
    const replaced = await Promise.all(batch.map((piece) => askFor(piece, rule, asking)))
    const known = replaced.filter((text) => text !== undefined)
    count += replaced.filter((text, index) => text !== batch[index]?.text).length
    if (known.length < replaced.length) {
      countFlags(rule, count, asking.tally)
      return { blockedBy: rule, texts: [] }
    }
    texts.push(...known)
  }
  countFlags(rule, count, asking.tally)
  return { texts }
}

const toTexts = (pieces: readonly Piece[]): string[] => pieces.map(({ text }) => text)

/** All texts as one: what is said is judged as a whole. */
const flag = async (
  rule: JudgeRule,
  pieces: readonly Piece[],
  { judge, tally, signal }: Asking,
): Promise<Replaced> => {
  const texts = toTexts(pieces)
  const whole = toTexts(pieces.filter(isSaid)).join('\n\n')
  const isFlagged = whole !== '' && (await judge(rule, whole, signal)).isFlagged
  countFlags(rule, isFlagged ? 1 : 0, tally)
  return { blockedBy: isFlagged && rule.action === 'Block' ? rule : undefined, texts }
}

/**
 * Asks for the judgement of one rule.
 *
 * @throws the reason of the signal, once it is aborted
 */
export const askRule = async (
  rule: JudgeRule,
  pieces: readonly Piece[],
  asking: Asking,
): Promise<Replaced> => {
  try {
    asking.signal?.throwIfAborted()
    return await (rule.action === 'Mask' ? replace : flag)(rule, pieces, asking)
  } catch {
    asking.signal?.throwIfAborted()
    asking.tally.count(rule, 'Failed')
    const isBlocked = rule.action !== 'Audit' && rule.check.onFailure === 'Block'
    return { blockedBy: isBlocked ? rule : undefined, texts: toTexts(pieces) }
  }
}
