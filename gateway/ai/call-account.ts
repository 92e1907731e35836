import { countCall, type Outcome, type Usage } from '../link/model-stats.ts'
import type { AiContext } from './ai-context.ts'
import type { Call } from './call.ts'
import type { TryRecord } from './call-record.ts'
import { findCost } from './gates/admit-call.ts'
import type { Spent } from './gates/gate.ts'
import type { ModelTry } from './model-try.ts'

const add = (a: Usage | undefined, b: Usage | undefined): Usage | undefined => {
  if (!(a && b)) return a ?? b
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: (a.cachedInputTokens ?? 0) + (b.cachedInputTokens ?? 0),
    cacheWriteInputTokens: (a.cacheWriteInputTokens ?? 0) + (b.cacheWriteInputTokens ?? 0),
    reasoningTokens: (a.reasoningTokens ?? 0) + (b.reasoningTokens ?? 0),
  }
}

/** Keeps account of one call: what each try used, and how all of it ended. */
export class CallAccount {
  readonly #context: AiContext
  readonly #call: Call
  readonly #target: string
  readonly #startedAtMs = Date.now()
  readonly #tries: TryRecord[] = []
  #firstMs: number | undefined

  /** @param target what the caller named, as the gateway calls it */
  constructor(context: AiContext, call: Call, target: string) {
    this.#context = context
    this.#call = call
    this.#target = target
  }

  /** A try is over. @param usage where it is known better than from the try */
  tried(attempt: ModelTry | undefined, outcome: Outcome, usage = attempt?.usage): void {
    if (!attempt) return
    const { model, status, durationMs, firstMs } = attempt
    countCall(model.stats, outcome, usage)
    const startedAtMs = Date.now() - durationMs
    this.#firstMs ??= firstMs
    // Who got pieces of an answer has used something, counted or not.
    const spent = usage ?? this.#estimate(attempt)
    const record = { model, outcome, startedAtMs, durationMs, status, usage: spent }
    attempt.reservation?.settle(spent, this.#toCost(record))
    this.#tries.push(record)
  }

  /** The call is over. @returns what it used */
  close(outcome: Outcome, cause: string | undefined): Spent {
    const usage = this.#tries.reduce<Usage | undefined>(
      (sum, each) => add(sum, each.usage),
      undefined,
    )
    const cost = this.#tries.reduce<number | undefined>((sum, each) => {
      const price = this.#toCost(each)
      return price === undefined ? sum : (sum ?? 0) + price
    }, undefined)
    this.#call.gates?.settle({ usage, cost })
    const { requestId, consumer, surface, read, headers, startedAt } = this.#call
    const record = {
      requestId,
      traceparent: headers.traceparent?.toString(),
      target: this.#target,
      consumer,
      operation: surface.operation,
      isStream: read.isStream,
      outcome,
      cause,
      startedAtMs: this.#startedAtMs,
      durationMs: performance.now() - startedAt,
      firstMs: this.#firstMs,
      usage,
      cost,
      cache: this.#call.gates?.cache,
      tries: this.#tries,
      findings: this.#call.gates?.findings ?? [],
    }
    for (const observe of this.#context.observers) observe(record)
    return { usage, cost }
  }

  /** What a stream has used that was cut, or whose provider does not count. */
  #estimate({ pieces }: ModelTry): Usage | undefined {
    return pieces === 0 ? undefined : { inputTokens: this.#call.inputTokens, outputTokens: pieces }
  }

  #toCost({ model, usage }: Pick<TryRecord, 'model' | 'usage'>): number | undefined {
    return usage && findCost(this.#context, model.fragment.spec, usage)
  }
}
