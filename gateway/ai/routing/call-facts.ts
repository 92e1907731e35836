import type { Call } from '../call.ts'

/** What shows who calls is nobody's business. */
const HIDDEN = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'cookie'])

const toHeaders = ({ headers }: Call): Map<string, string> => {
  const visible = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HIDDEN.has(name)) continue
    visible.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return visible
}

/**
 * What conditions see of a call, as `CALL_VARIABLES` declares it; read when a condition asks, for
 * some of it costs time.
 */
export class CallFacts implements Record<string, unknown> {
  readonly [name: string]: unknown
  readonly #call: Call
  readonly #isSensitive: () => boolean
  #headers: Map<string, string> | undefined

  constructor(call: Call, isSensitive: () => boolean) {
    this.#call = call
    this.#isSensitive = isSensitive
  }

  get caller(): object {
    const { name, team = '', tenant = '' } = this.#call.consumer
    return { name, team, tenant }
  }

  get headers(): Map<string, string> {
    this.#headers ??= toHeaders(this.#call)
    return this.#headers
  }

  get model(): string {
    return this.#call.read.model
  }

  get operation(): string {
    return this.#call.surface.operation
  }

  get stream(): boolean {
    return this.#call.read.isStream
  }

  get tokens(): bigint {
    return BigInt(this.#call.inputTokens)
  }

  get maxTokens(): bigint {
    return BigInt(this.#call.read.maxTokens ?? 0)
  }

  get hasTools(): boolean {
    return this.#call.isChat && this.#call.request.tools.length > 0
  }

  get hasImages(): boolean {
    if (!this.#call.isChat) return false
    return this.#call.request.messages.some(
      (message) => message.role === 'user' && message.parts.some(({ type }) => type === 'image'),
    )
  }

  get sensitive(): boolean {
    return this.#isSensitive()
  }
}
