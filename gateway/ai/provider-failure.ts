import type { Outcome } from '../link/model-stats.ts'
import { toFailureKind, type UpstreamErrorCode } from '../upstream/http1/error.ts'
import { AiProblem, type AiProblemCode } from './ai-problem.ts'

const MESSAGES: Partial<Record<AiProblemCode, string>> = {
  provider_unreachable: 'The provider of this model cannot be reached.',
  provider_timeout: 'The provider of this model did not answer in time.',
  provider_refused: "The provider of this model refused the gateway's account.",
  provider_rate_limited: 'The provider of this model limits the rate of requests.',
}

/** What the caller is told of a provider that gave no answer it could use. */
export const toProviderProblem = (code: AiProblemCode, retryAfter?: string): AiProblem =>
  new AiProblem(
    code,
    MESSAGES[code] ?? 'The provider of this model failed.',
    retryAfter === undefined ? {} : { retryAfter },
  )

/** The same for an error below HTTP. */
export const toUnansweredProblem = (code: UpstreamErrorCode): AiProblem =>
  toProviderProblem(`provider_${toFailureKind(code)}`)

const BY_STATUS: Record<number, AiProblemCode> = {
  401: 'provider_refused',
  // No credit left, and not the caller's.
  402: 'provider_refused',
  403: 'provider_refused',
  404: 'provider_failed',
  408: 'provider_timeout',
  429: 'provider_rate_limited',
  503: 'provider_unreachable',
  504: 'provider_timeout',
}

/** Printable, and short: it goes into a header of ours. */
const RETRY_AFTER = /^[\x20-\x7e]{1,64}$/

/**
 * What the caller is told of a provider's answer that is none. What a provider says of the request
 * itself is for the caller; what it says of the gateway's account is not.
 *
 * @returns undefined for what the caller may read as it is
 */
export const toStatusProblem = (
  status: number,
  retryAfter: string | undefined,
): AiProblem | undefined => {
  const code = BY_STATUS[status]
  if (code === undefined && status >= 400 && status < 500) return undefined
  const isReadable = retryAfter !== undefined && RETRY_AFTER.test(retryAfter)
  return toProviderProblem(code ?? 'provider_failed', isReadable ? retryAfter : undefined)
}

const OUTCOMES: Partial<Record<AiProblemCode, Outcome>> = {
  provider_rate_limited: 'rate_limited',
  provider_timeout: 'timeout',
  limit_exceeded: 'rate_limited',
  content_blocked: 'blocked',
  invalid_value: 'refused',
  missing_value: 'refused',
  model_not_found: 'refused',
  not_allowed: 'refused',
}

export const toOutcome = ({ code }: AiProblem): Outcome => OUTCOMES[code] ?? 'failed'

/** An error of a provider is a few lines; more is not read. */
const MAX_ERROR_BYTES = 65_536

/** @returns undefined for what is no JSON */
export const readProviderError = (body: Buffer): unknown => {
  try {
    return body.length > MAX_ERROR_BYTES ? undefined : JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
