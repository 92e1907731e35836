import type { IncomingHttpHeaders } from 'node:http'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { ChatRequest } from './chat/request.ts'
import { RequestFault } from './chat/request-fault.ts'
import type { Gates } from './gates/pass-gates.ts'
import { estimateTextTokens, estimateTokens } from './routing/estimate-tokens.ts'
import type { CallerCall, Surface } from './surface.ts'

export interface CallOptions {
  readonly requestId: string
  readonly consumer: Consumer
  readonly surface: Surface
  readonly read: CallerCall
  readonly headers: IncomingHttpHeaders
}

/** A call of a model on its way through the gateway. */
export class Call {
  readonly requestId: string
  readonly consumer: Consumer
  readonly surface: Surface
  readonly read: CallerCall
  readonly headers: IncomingHttpHeaders
  readonly startedAt = performance.now()
  /** Whether bytes cannot pass as they are: somebody reads or changes what is said. */
  isRead = false
  /** Whether the caller gets nothing before the answer is whole. */
  isHeld = false
  /** What it has to pass on both ways, if anything. */
  gates: Gates | undefined
  /** Counters of limits that a gate has claimed for it. */
  readonly claimed = new Set<string>()
  /** Whether a gate has put another request in its place. */
  isRewritten = false
  #abort: AbortController | undefined
  #request: ChatRequest | undefined
  #values: CallerCall['values'] | undefined
  #inputTokens: number | undefined

  constructor({ requestId, consumer, surface, read, headers }: CallOptions) {
    this.requestId = requestId
    this.consumer = consumer
    this.surface = surface
    this.read = read
    this.headers = headers
  }

  /** What is asked, in the words of no dialect. @throws RequestFault when it is not valid */
  get request(): ChatRequest {
    this.#request ??= this.surface.caller.decodeRequest(this.read.values)
    return this.#request
  }

  /** Whether the provider is asked for a stream. */
  get isStreamed(): boolean {
    return this.read.isStream && !this.isHeld
  }

  get isChat(): boolean {
    return this.surface.operation !== 'embeddings'
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    return this.#abort.signal
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    this.#abort?.abort()
  }

  /** What is asked, as the caller put it, or as a gate has. */
  get values(): CallerCall['values'] {
    return this.#values ?? this.read.values
  }

  /** Most output tokens that are asked for, in all answers side by side. */
  get maxTokens(): number | undefined {
    const { maxTokens, choices = 1 } = this.read
    // A call that was rewritten, by a prompt for one, may ask for another length.
    const asked = this.isRewritten ? this.request.maxTokens : maxTokens
    return asked === undefined ? undefined : asked * choices
  }

  /** Tokens of the input, estimated. */
  get inputTokens(): number {
    this.#inputTokens ??= this.#estimateInput()
    return this.#inputTokens
  }

  /** What only the caller's own dialect has words for can be estimated by its length. */
  #estimateInput(): number {
    try {
      if (this.isChat) return estimateTokens(this.request)
    } catch (error) {
      if (!(error instanceof RequestFault)) throw error
    }
    return estimateTextTokens(JSON.stringify(this.values).length)
  }

  /** Asks for the embeddings of other texts. */
  rewriteInput(input: readonly string[]): void {
    this.#values = { ...this.read.values, input }
    this.#inputTokens = undefined
    this.isRead = true
  }

  /** Asks something else in its place. */
  rewrite(request: ChatRequest): void {
    this.#request = request
    this.isRewritten = true
    this.#inputTokens = undefined
    this.isRead = true
  }
}
