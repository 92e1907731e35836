import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatRequest } from '../chat/request.ts'
import { type Blocked, createTally, type Finding, type Tally, toBlocked } from './findings.ts'
import { isJson, rewriteJson } from './json-text.ts'
import { type Judge, judgeTexts } from './judge.ts'
import { createMasks, matchMasks } from './masks.ts'
import { collectPieces, type Piece, rewriteMessages, toReplacement } from './pieces.ts'
import { createRedact } from './redact.ts'
import type { Inspection } from './redactor.ts'
import type { StageRules } from './rules.ts'
import { findTooLarge } from './size.ts'
import type { Vault } from './vault.ts'

/** What the guardrails made of a request. */
export type CheckedRequest =
  | { readonly blocked: Blocked; readonly findings: readonly Finding[] }
  | {
      readonly blocked?: undefined
      /** As it may leave. */
      readonly request: ChatRequest
      readonly vault: Vault
      readonly findings: readonly Finding[]
    }

/** A vault with nothing in it, for a call that was not looked at. */
export const EMPTY_VAULT: Vault = { values: new Map(), isTaken: () => false, isJson: false }

const collect = ({ messages }: Pick<ChatRequest, 'messages'>): Piece[] =>
  collectPieces((rewrite) => rewriteMessages(messages, rewrite))

/** What looks like a mask in a request: the model may say it, and means what the caller meant. */
const findWrittenMasks = (request: ChatRequest, pieces: readonly Piece[]): Set<string> => {
  const { tools, output, stop, user = '' } = request
  const masks = new Set<string>()
  const collectMasks = (text: string): string => {
    for (const [mask] of matchMasks(text)) masks.add(mask)
    return text
  }
  for (const { text, isArguments } of pieces) {
    collectMasks(text)
    if (isArguments && isJson(text)) rewriteJson(text, collectMasks)
  }
  collectMasks(user)
  collectMasks(JSON.stringify({ tools, output, stop }))
  return masks
}

/** Applies rules to one request. */
class RequestCheck {
  readonly #rules: StageRules
  readonly #request: ChatRequest
  readonly #pieces: readonly Piece[]
  readonly #tally: Tally
  readonly #vault: Vault
  readonly #inspection: Inspection

  constructor(rules: StageRules, request: ChatRequest) {
    this.#rules = rules
    this.#request = request
    this.#pieces = collect(request)
    this.#tally = createTally(rules.stage)
    const written = findWrittenMasks(request, this.#pieces)
    const masks = createMasks((mask) => written.has(mask))
    this.#inspection = { masks, tally: this.#tally, isKept: () => false, blockedBy: undefined }
    this.#vault = {
      values: masks.values,
      isTaken: (mask) => written.has(mask) || masks.isGiven(mask),
      isJson: request.output !== undefined,
    }
  }

  async run(judge: Judge): Promise<CheckedRequest> {
    const said = { pieces: this.#pieces, messages: this.#request.messages.length }
    const tooLarge = findTooLarge(this.#rules.sizes, said, this.#tally)
    if (tooLarge) return this.#block(tooLarge)
    const masked = this.#redact()
    if (this.#inspection.blockedBy) return this.#block(this.#inspection.blockedBy)
    const { judges } = this.#rules
    const { blockedBy, texts } = await judgeTexts(judges, collect(masked), judge, this.#tally)
    if (blockedBy) return this.#block(blockedBy)
    const messages = rewriteMessages(masked.messages, toReplacement(texts))
    return {
      request: { ...masked, messages },
      vault: this.#vault,
      findings: this.#tally.toFindings(),
    }
  }

  /** What names the caller's own user leaves as well. */
  #redact(): ChatRequest {
    const { messages, user } = this.#request
    const redact = createRedact(this.#rules.local, this.#inspection)
    return {
      ...this.#request,
      messages: rewriteMessages(messages, redact),
      ...(user !== undefined && { user: redact({ text: user, role: 'system' }) }),
    }
  }

  #block(rule: CompiledGuardrail): CheckedRequest {
    return { blocked: toBlocked(rule, 'Request'), findings: this.#tally.toFindings() }
  }
}

/** Applies the rules for requests to one. */
export const checkRequest = async (
  request: ChatRequest,
  rules: StageRules,
  judge: Judge,
): Promise<CheckedRequest> => {
  const { local, sizes, judges } = rules
  const isFree = local.length + sizes.length + judges.length === 0
  if (isFree) return { request, vault: EMPTY_VAULT, findings: [] }
  return new RequestCheck(rules, request).run(judge)
}
