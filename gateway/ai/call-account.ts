import { countCall, type Outcome, type Usage } from '../link/model-stats.ts'
import type { AiContext } from './ai-context.ts'
import type { Call } from './call.ts'
import type { CallRecord, TryRecord } from './call-record.ts'
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

  /** A try is over; only the first word on it counts. */
  tried(attempt: ModelTry | undefined, outcome: Outcome, told = attempt?.usage): void {
    if (!attempt || attempt.isCounted) return
    attempt.isCounted = true
    const { model, status, durationMs, firstMs, wasSent } = attempt
    const usage = this.#complete(attempt, outcome, told)
    countCall(model.stats, outcome, usage)
    const startedAtMs = Date.now() - durationMs
    this.#firstMs ??= firstMs
    const record = { model, outcome, startedAtMs, durationMs, status, usage }
    attempt.reservation?.settle({ wasSent, usage, cost: this.#toCost(record) })
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
    const durationMs = performance.now() - startedAt
    const toRecord = (): CallRecord => ({
      requestId,
      traceparent: headers.traceparent?.toString(),
      target: this.#target,
      consumer,
      operation: surface.operation,
      isStream: read.isStream,
      outcome,
      cause,
      startedAtMs: this.#startedAtMs,
      durationMs,
      firstMs: this.#firstMs,
      usage,
      cost,
      cache: this.#call.gates?.cache,
      tries: this.#tries,
      findings: this.#call.gates?.findings ?? [],
    })
    this.#tell(toRecord)
    return { usage, cost }
  }

  /** Once all is found that gates look for. */
  #tell(toRecord: () => CallRecord): void {
    const tell = (): void => {
      const record = toRecord()
      for (const observe of this.#context.observers) observe(record)
    }
    const audited = this.#call.gates?.audited
    if (audited === undefined) tell()
    else audited.then(tell, tell)
  }

  /**
   * What a try has used: as its provider counted, and where that is not all, as it seems. One that
   * the provider refused, or failed to answer, is nobody's to pay.
   */
  #complete(attempt: ModelTry, outcome: Outcome, told: Usage | undefined): Usage | undefined {
    const { wasSent, status, firstMs, isComplete, outputTokens } = attempt
    const isAnswered = status === 200 || firstMs !== undefined
    const isNothing = outcome === 'refused' || (status !== 0 && !isAnswered)
    if (!wasSent || isNothing || this.#call.surface.operation === 'countTokens') return told
    if (told && isComplete) return told
    const { inputTokens } = this.#call
    return {
      ...(told ?? { inputTokens }),
      outputTokens: Math.max(told?.outputTokens ?? 0, outputTokens),
    }
  }

  #toCost({ model, usage }: Pick<TryRecord, 'model' | 'usage'>): number | undefined {
    return usage && findCost(this.#context, model.fragment.spec, usage)
  }
}
