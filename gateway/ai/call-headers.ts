import type { LinkedModel } from '../link/linked-model.ts'
import type { Call } from './call.ts'
import type { Spent } from './gates/gate.ts'

/** What the provider is told: nothing of what the caller sent. */
export const toProviderHeaders = (
  { isStreamed, requestId }: Call,
  host: string,
  streamType: string,
): string[] => [
  ...['host', host],
  ...['content-type', 'application/json'],
  ...['accept', isStreamed ? streamType : 'application/json'],
  ...['user-agent', 'penstock'],
  ...['x-request-id', requestId],
]

const toModelHeader = ({ fragment: { namespace, name, spec } }: LinkedModel): string[] => {
  const version = spec.version === undefined ? '' : `@${spec.version}`
  return ['x-penstock-model', `${namespace}/${name}${version}`]
}

/** In US dollars, to the micro-dollar. */
const toDollars = (microDollars: number): string => (microDollars / 1_000_000).toFixed(6)

const toSpentHeaders = ({ usage, cost }: Spent): string[] => [
  ...(usage ? ['x-penstock-input-tokens', String(usage.inputTokens)] : []),
  ...(usage ? ['x-penstock-output-tokens', String(usage.outputTokens)] : []),
  ...(cost === undefined ? [] : ['x-penstock-cost', toDollars(cost)]),
]

/** How a call went, as far as that is known when its answer begins. */
export interface CallSummary {
  /** The one that answers, or the last one that was tried. */
  readonly model: LinkedModel | undefined
  readonly ignored: readonly string[]
  /** Of an answer that came as a whole. */
  readonly spent: Spent | undefined
}

/** What a header can carry, and a reader make sense of; callers choose the names of their fields. */
const FIELD = /^[\w.[\]-]{1,64}$/
const MAX_FIELDS = 20

const toIgnoredHeaders = (ignored: readonly string[]): string[] => {
  if (ignored.length === 0) return []
  const named = ignored.filter((name) => FIELD.test(name)).slice(0, MAX_FIELDS)
  const others = named.length < ignored.length ? ['others'] : []
  return ['x-penstock-ignored', [...named, ...others].join(', ')]
}

/** What the caller is told beside the answer. */
export const toCallerHeaders = (
  { requestId, gates }: Call,
  { model, ignored, spent }: CallSummary,
): string[] => [
  // As clients of OpenAI and of Anthropic look for it.
  ...['x-request-id', requestId, 'request-id', requestId],
  ...(model ? toModelHeader(model) : []),
  ...(gates?.cache ? ['x-penstock-cache', gates.cache] : []),
  ...(spent ? toSpentHeaders(spent) : []),
  ...toIgnoredHeaders(ignored),
]
