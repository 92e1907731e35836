import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import type { Finding } from '../call-record.ts'
import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
import type { ChatRequest } from '../chat/request.ts'
import { openAiEmbeddingsCaller } from '../dialects/openai/embeddings-caller.ts'
import { EMPTY_VAULT } from '../guardrails/check-request.ts'
import type { Blocked, Finding as Found } from '../guardrails/findings.ts'
import type { Guard } from '../guardrails/guard.ts'
import type { StreamGuard } from '../guardrails/stream-guard.ts'
import type { Gate, Passage, StreamFilter } from './gate.ts'

/** Checks that must see all of an answer before the caller sees any of it. */
const WHOLE = new Set(['size', 'model', 'webhook'])

const mustHold = ({ stages, action, check }: CompiledGuardrail): boolean =>
  stages.includes('Response') && action !== 'Audit' && WHOLE.has(check.type)

const toProblem = ({ message }: Blocked): AiProblem => new AiProblem('content_blocked', message)

const toFinding = ({ rule, stage, action, types }: Found): Finding => ({
  guardrail: rule,
  stage,
  action,
  counts: types,
})

/** Only what holds a whole stream back, which is never a filter, answers later. */
const toEvents = (passed: ReturnType<StreamGuard['push']>): readonly ChatEvent[] => {
  if (passed instanceof Promise) throw new TypeError('a filter must answer at once')
  return passed
}

const toFilter = (stream: StreamGuard): StreamFilter => ({
  push(event) {
    const passed = toEvents(stream.push(event))
    return event.type === 'end' ? [...stream.end(), ...passed] : passed
  },
  get problem() {
    return stream.blocked && toProblem(stream.blocked)
  },
})

/** Texts to be embedded, as what a user says. */
const toInputRequest = (input: readonly string[]): ChatRequest => ({
  messages: input.map((text) => ({ role: 'user', parts: [{ type: 'text', text }] })),
  tools: [],
  unknown: [],
})

const toTexts = ({ messages }: ChatRequest): string[] =>
  messages.map((message) =>
    message.role === 'user'
      ? message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
      : '',
  )

/** What was found in one look at a call; complete once `audited` settles. */
type Look = Pick<StreamGuard, 'findings' | 'audited'>

/** One call on its way through the guardrails. */
class GuardPassage implements Passage {
  readonly isReading = true
  readonly isHolding: boolean
  readonly #guard: Guard
  readonly #call: Call
  /** Whose findings may come late. */
  readonly #looks: Look[] = []
  #vault = EMPTY_VAULT

  constructor(guard: Guard, call: Call, isHolding: boolean) {
    this.#guard = guard
    this.#call = call
    this.isHolding = isHolding
  }

  async enter(): Promise<AiProblem | undefined> {
    const call = this.#call
    if (call.isChat) return this.#check(call.request, (request) => call.rewrite(request))
    const { input } = openAiEmbeddingsCaller.decodeRequest(call.values)
    return this.#check(toInputRequest(input), (request) => call.rewriteInput(toTexts(request)))
  }

  again(): Promise<AiProblem | undefined> {
    return this.enter()
  }

  createFilter(): StreamFilter {
    const stream = this.#guard.createStreamGuard(this.#vault, this.#call.signal)
    this.#looks.push(stream)
    return toFilter(stream)
  }

  async leave(answer: ChatAnswer): Promise<ChatAnswer | AiProblem> {
    const checked = await this.#guard.checkAnswer(answer, this.#vault, this.#call.signal)
    this.#looks.push(checked)
    return checked.blocked ? toProblem(checked.blocked) : checked.answer
  }

  get findings(): readonly Finding[] {
    return this.#looks.flatMap(({ findings }) => findings).map(toFinding)
  }

  get audited(): Promise<void> | undefined {
    const pending = this.#looks.flatMap(({ audited }) => audited ?? [])
    return pending.length > 0 ? Promise.all(pending).then(() => undefined) : undefined
  }

  async #check(
    request: ChatRequest,
    rewrite: (request: ChatRequest) => void,
  ): Promise<AiProblem | undefined> {
    const checked = await this.#guard.checkRequest(request, this.#call.signal)
    this.#looks.push(checked)
    if (checked.blocked) return toProblem(checked.blocked)
    this.#vault = checked.vault
    rewrite(checked.request)
    return undefined
  }
}

/** The guardrails of a model or a policy. */
export const createGuardGate = (guardrails: readonly CompiledGuardrail[], guard: Guard): Gate => {
  const isHolding = guardrails.some(mustHold)
  return { open: (call) => new GuardPassage(guard, call, isHolding) }
}
