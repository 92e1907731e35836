/** How a call of a model ended. */
export const OUTCOMES = [
  'ok',
  'refused',
  'rate_limited',
  'blocked',
  'failed',
  'timeout',
  'client_left',
] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Tokens as the provider counts them. */
export interface Usage {
  /** All of the input, what came from a cache or went into one included. */
  readonly inputTokens: number
  /** All of the output, what the model thought included. */
  readonly outputTokens: number
  /** Of the input, what the provider found in its cache. */
  readonly cachedInputTokens?: number
  /** Of the input, what the provider put into its cache. */
  readonly cacheWriteInputTokens?: number
  /** Of the output, what the model thought. */
  readonly reasoningTokens?: number
}

/** Counters of one model, plain numbers so that a call costs no lookup. */
export interface ModelStats {
  readonly calls: Record<Outcome, number>
  inputTokens: number
  outputTokens: number
}

export const createModelStats = (): ModelStats => ({
  calls: { ok: 0, refused: 0, rate_limited: 0, blocked: 0, failed: 0, timeout: 0, client_left: 0 },
  inputTokens: 0,
  outputTokens: 0,
})

/** Counts one call that has ended. */
export const countCall = (stats: ModelStats, outcome: Outcome, usage: Usage | undefined): void => {
  stats.calls[outcome] += 1
  stats.inputTokens += usage?.inputTokens ?? 0
  stats.outputTokens += usage?.outputTokens ?? 0
}
