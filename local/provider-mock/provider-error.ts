export interface ProviderErrorOptions {
  /** Where the fault is in the request, such as `messages.0.role`. */
  readonly param?: string
  /** As for the header: seconds, or an HTTP date. */
  readonly retryAfter?: string | undefined
}

/** A provider's refusal. Each dialect gives it its own form, and words when it has no message. */
export class ProviderError extends Error {
  readonly status: number
  readonly param: string | null
  readonly retryAfter: string | undefined

  constructor(status: number, message = '', options: ProviderErrorOptions = {}) {
    super(message)
    this.status = status
    this.param = options.param ?? null
    this.retryAfter = options.retryAfter
  }
}

/** The entry of a status, or of its class: a provider has no words of its own for every status. */
export const byStatus = <T>(
  table: Readonly<Record<number, T>> & { 400: T; 500: T },
  status: number,
): T => table[status] ?? (status < 500 ? table[400] : table[500])

/** Headers that any provider's error may carry. */
export const toErrorHeaders = ({ retryAfter }: ProviderError): Record<string, string> =>
  retryAfter === undefined ? {} : { 'retry-after': retryAfter }
