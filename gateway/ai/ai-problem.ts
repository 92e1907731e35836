/** Why a call of a model is not answered by the model; stable, part of the API. */
export type AiProblemCode =
  | 'invalid_api_key'
  | 'invalid_json'
  | 'invalid_value'
  | 'missing_value'
  | 'request_too_large'
  | 'model_not_found'
  | 'not_allowed'
  | 'limit_exceeded'
  | 'content_blocked'
  | 'credential_missing'
  | 'overloaded'
  | 'internal_error'
  | 'invalid_output'
  | 'provider_unreachable'
  | 'provider_refused'
  | 'provider_rate_limited'
  | 'provider_failed'
  | 'provider_timeout'

const STATUS: Record<AiProblemCode, number> = {
  invalid_api_key: 401,
  invalid_json: 400,
  invalid_value: 400,
  missing_value: 400,
  request_too_large: 413,
  model_not_found: 404,
  not_allowed: 403,
  limit_exceeded: 429,
  content_blocked: 400,
  credential_missing: 503,
  overloaded: 503,
  internal_error: 500,
  invalid_output: 502,
  provider_unreachable: 503,
  provider_refused: 502,
  provider_rate_limited: 429,
  provider_failed: 502,
  provider_timeout: 504,
}

/** What there is to say beside the message. */
export interface AiProblemDetails {
  /** The field of the request that it is about. */
  readonly param?: string
  /** Seconds or a date, as the provider said. */
  readonly retryAfter?: string
  /** What clients of the caller's dialect know it by. */
  readonly dialectCode?: string
}

/** What the caller is told, in whatever dialect. Nothing in it may be secret. */
export class AiProblem {
  readonly status: number
  readonly code: AiProblemCode
  readonly message: string
  readonly param: string | undefined
  readonly retryAfter: string | undefined
  readonly dialectCode: string | undefined

  constructor(code: AiProblemCode, message: string, details: AiProblemDetails = {}) {
    this.status = STATUS[code]
    this.code = code
    this.message = message
    this.param = details.param
    this.retryAfter = details.retryAfter
    this.dialectCode = details.dialectCode
  }
}
