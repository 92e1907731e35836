/** A refusal by the API server, or a failure to reach it (`status` 0). */
export class KubeError extends Error {
  readonly status: number
  /** `metav1.Status.reason`: `NotFound`, `AlreadyExists`, `Conflict`, `Expired`, ... */
  readonly reason: string

  constructor(message: string, options: { status: number; reason: string; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'KubeError'
    this.status = options.status
    this.reason = options.reason
  }

  /** Whether the same call may succeed later, unchanged. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

const isReason = (reason: string) => (error: unknown) =>
  error instanceof KubeError && error.reason === reason

export const isNotFound = isReason('NotFound')
export const isForbidden = isReason('Forbidden')
export const isConflict = isReason('Conflict')
export const isAlreadyExists = isReason('AlreadyExists')
/** 410: the resourceVersion to watch from is no longer kept; list again. */
export const isExpired = (error: unknown): boolean =>
  error instanceof KubeError && (error.status === 410 || error.reason === 'Expired')

/** The error in a response body, which is a `metav1.Status` unless a proxy wrote it. */
export const toKubeError = (status: number, body: string): KubeError => {
  try {
    const parsed = JSON.parse(body) as { message?: string; reason?: string; code?: number }
    return new KubeError(parsed.message ?? `HTTP ${status}`, {
      status: parsed.code ?? status,
      reason: parsed.reason ?? 'Unknown',
    })
  } catch (cause) {
    return new KubeError(`HTTP ${status} without a Status body`, {
      status,
      reason: status === 404 ? 'NotFound' : 'Unknown',
      cause,
    })
  }
}
