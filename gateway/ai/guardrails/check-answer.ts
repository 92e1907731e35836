import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import type { AssistantPart } from '../chat/request.ts'
import {
  type Blocked,
  type Checked,
  createTally,
  type Tally,
  toBlocked,
  toChecked,
} from './findings.ts'
import { isJson, rewriteJson } from './json-text.ts'
import type { Judge } from './judge.ts'
import { judgeTexts } from './judge-texts.ts'
import { createMasks } from './masks.ts'
import {
  collectPieces,
  type Piece,
  type Rewrite,
  rewriteAnswerParts,
  toReplacement,
} from './pieces.ts'
import { createRedact } from './redact.ts'
import type { Inspection } from './redactor.ts'
import type { StageRules } from './rules.ts'
import { findTooLarge } from './size.ts'
import { unmask, type Vault } from './vault.ts'

/** What the guardrails made of an answer. */
export type CheckedAnswer =
  | (Checked & { readonly blocked: Blocked })
  | (Checked & {
      readonly blocked?: undefined
      /** As the caller may read it. */
      readonly answer: ChatAnswer
    })

/** With what an answer is looked at. */
export interface AnswerCheck {
  readonly rules: StageRules
  readonly judge: Judge
  /** Of the request that is answered. */
  readonly vault: Vault
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined
}

/** A mask of an answer never means what a mask of its request means. */
export const createInspection = (vault: Vault, tally: Tally): Inspection => ({
  masks: createMasks(vault.isTaken),
  tally,
  isKept: (mask) => vault.values.has(mask),
  blockedBy: undefined,
})

/** What is said in an answer. */
export const toPieces = (parts: readonly AssistantPart[]): Piece[] =>
  collectPieces((rewrite) => rewriteAnswerParts(parts, rewrite))

/** Puts back what was masked in the request. */
export const unmaskPiece = ({ text, form }: Piece, vault: Vault): string => {
  if (vault.values.size === 0) return text
  if (form !== 'json') return unmask(text, vault, vault.isJson)
  if (!isJson(text)) return unmask(text, vault, true)
  return rewriteJson(text, (part) => unmask(part, vault, false))
}

/** A signature is for the words that the provider wrote: it goes where they are changed. */
const withoutBrokenSignature = (part: AssistantPart, original: AssistantPart): AssistantPart => {
  if (part.type !== 'reasoning' || original.type !== 'reasoning') return part
  const { signature: _signature, ...unsigned } = part
  return part.text === original.text ? part : unsigned
}

interface CheckedParts {
  readonly blockedBy?: CompiledGuardrail | undefined
  readonly parts: AssistantPart[]
  readonly audited?: Promise<void> | undefined
}

const checkParts = async (
  original: readonly AssistantPart[],
  { rules, judge, vault, signal }: AnswerCheck,
  tally: Tally,
): Promise<CheckedParts> => {
  const tooLarge = findTooLarge(rules.sizes, { pieces: toPieces(original) }, tally)
  if (tooLarge) return { blockedBy: tooLarge, parts: [] }
  const inspection = createInspection(vault, tally)
  const masked = rewriteAnswerParts(original, createRedact(rules.local, inspection))
  if (inspection.blockedBy) return { blockedBy: inspection.blockedBy, parts: [] }
  const asking = { judge, tally, signal }
  const { blockedBy, texts, audited } = await judgeTexts(rules.judges, toPieces(masked), asking)
  if (blockedBy) return { blockedBy, parts: [], audited }
  const said = rewriteAnswerParts(masked, toReplacement(texts))
  const signed = said.map((part, i) => withoutBrokenSignature(part, original[i] ?? part))
  const unmaskAll: Rewrite = (stretch) => stretch.map((piece) => unmaskPiece(piece, vault))
  return { parts: rewriteAnswerParts(signed, unmaskAll), audited }
}

/** Applies the rules for answers to a whole one, then puts back what its request had masked. */
export const checkAnswer = async (
  answer: ChatAnswer,
  check: AnswerCheck,
): Promise<CheckedAnswer> => {
  const tally = createTally('Response')
  const { blockedBy, parts, audited } = await checkParts(answer.parts, check, tally)
  if (blockedBy) return toChecked({ blocked: toBlocked(blockedBy, 'Response'), audited }, tally)
  return toChecked({ answer: { ...answer, parts }, audited }, tally)
}
