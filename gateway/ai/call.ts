import type { IncomingHttpHeaders } from 'node:http'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { ChatRequest } from './chat/request.ts'
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
  #request: ChatRequest | undefined
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

  /** Tokens of the input, estimated. @throws RequestFault when the call is not valid */
  get inputTokens(): number {
    this.#inputTokens ??= this.isChat
      ? estimateTokens(this.request)
      : estimateTextTokens(JSON.stringify(this.read.values.input))
    return this.#inputTokens
  }

  /** Asks something else in its place. */
  rewrite(request: ChatRequest): void {
    this.#request = request
    this.#inputTokens = undefined
    this.isRead = true
  }
}
