import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatRequest } from '../chat/request.ts'
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
import { createMasks, matchMasks } from './masks.ts'
import { collectPieces, type Piece, rewriteMessages, toReplacement } from './pieces.ts'
import { createRedact } from './redact.ts'
import type { Inspection } from './redactor.ts'
import { rewriteRequest } from './request-pieces.ts'
import type { StageRules } from './rules.ts'
import { findTooLarge } from './size.ts'
import type { Vault } from './vault.ts'

/** What the guardrails made of a request. */
export type CheckedRequest =
  | (Checked & { readonly blocked: Blocked })
  | (Checked & {
      readonly blocked?: undefined
      /** As it may leave. */
      readonly request: ChatRequest
      readonly vault: Vault
    })

/** Who judges a request, and until when. */
export interface RequestJudge {
  readonly judge: Judge
  readonly signal?: AbortSignal | undefined
}

/** A vault with nothing in it, for a call that was not looked at. */
export const EMPTY_VAULT: Vault = { values: new Map(), isTaken: () => false, isJson: false }

const collect = (request: ChatRequest): Piece[] =>
  collectPieces((rewrite) => rewriteRequest(request, rewrite))

/** What looks like a mask in a request: the model may say it, and means what the caller meant. */
const findWrittenMasks = (pieces: readonly Piece[]): Set<string> => {
  const masks = new Set<string>()
  const collectMasks = (text: string): string => {
    for (const [mask] of matchMasks(text)) masks.add(mask)
    return text
  }
  for (const { text, form } of pieces) {
    collectMasks(text)
    if (form === 'json' && isJson(text)) rewriteJson(text, collectMasks)
  }
  return masks
}

/** Applies rules to one request. */
class RequestCheck {
  readonly #rules: StageRules
  readonly #request: ChatRequest
  readonly #tally: Tally
  readonly #vault: Vault
  readonly #inspection: Inspection

  constructor(rules: StageRules, request: ChatRequest) {
    this.#rules = rules
    this.#request = request
    this.#tally = createTally(rules.stage)
    const written = findWrittenMasks(collect(request))
    const masks = createMasks((mask) => written.has(mask))
    this.#inspection = { masks, tally: this.#tally, isKept: () => false, blockedBy: undefined }
    this.#vault = {
      values: masks.values,
      isTaken: (mask) => written.has(mask) || masks.isGiven(mask),
      isJson: request.output !== undefined,
    }
  }

  async run({ judge, signal }: RequestJudge): Promise<CheckedRequest> {
    const tooLarge = this.#findTooLarge()
    if (tooLarge) return this.#block(tooLarge)
    const redact = createRedact(this.#rules.local, this.#inspection)
    const masked = rewriteRequest(this.#request, redact)
    if (this.#inspection.blockedBy) return this.#block(this.#inspection.blockedBy)
    const asking = { judge, tally: this.#tally, signal }
    const judged = await judgeTexts(this.#rules.judges, collect(masked), asking)
    const { blockedBy, texts, audited } = judged
    if (blockedBy) return this.#block(blockedBy, audited)
    const request = rewriteRequest(masked, toReplacement(texts))
    return toChecked({ request, vault: this.#vault, audited }, this.#tally)
  }

  /** Bounds are for what is said. */
  #findTooLarge(): CompiledGuardrail | undefined {
    const { messages } = this.#request
    const pieces = collectPieces((rewrite) => rewriteMessages(messages, rewrite))
    return findTooLarge(this.#rules.sizes, { pieces, messages: messages.length }, this.#tally)
  }

  #block(rule: CompiledGuardrail, audited?: Promise<void>): CheckedRequest {
    return toChecked({ blocked: toBlocked(rule, 'Request'), audited }, this.#tally)
  }
}

/** Applies the rules for requests to one. */
export const checkRequest = async (
  request: ChatRequest,
  rules: StageRules,
  by: RequestJudge,
): Promise<CheckedRequest> => {
  const { local, sizes, judges } = rules
  const isFree = local.length + sizes.length + judges.length === 0
  if (isFree) return { request, vault: EMPTY_VAULT, findings: [], audited: undefined }
  return new RequestCheck(rules, request).run(by)
}
