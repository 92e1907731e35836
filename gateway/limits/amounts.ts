import type { CompiledLimit } from '#config/compiled/limit.ts'

/** How much a call uses of all that a limit can count; a cost is in micro-dollars. */
export type Amounts = Readonly<Record<CompiledLimit['unit'], number>>

/** Of a call that never reached a provider: it gives its request back too. */
export const NO_AMOUNTS: Amounts = {
  requests: 0,
  tokens: 0,
  inputTokens: 0,
  outputTokens: 0,
  cost: 0,
}

/** What a counter can take: a whole number, rounded up, that is exact. */
export const toAmount = (value: number): number =>
  value > 0 ? Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER) : 0
