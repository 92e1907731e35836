import type { IncomingHttpHeaders } from 'node:http'
import type { ProviderError } from './provider-error.ts'

/** A request as it comes to an operation. */
export interface Call {
  /** Parsed JSON; undefined where the method has no body. */
  readonly body: unknown
  /** The model that the path names; empty where the body names it. */
  readonly pathModel: string
  readonly query: URLSearchParams
  /** Hexadecimal, the same for equal requests: what ids are made of. */
  readonly seed: string
}

/** What steering changes in the words of an answer. */
export interface Twist {
  /** So many words in place of the echo. */
  readonly words?: number | undefined
  readonly usage?: 'none' | 'wrong' | undefined
}

/** An answer of one JSON document. */
export interface JsonReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json: unknown
}

/** One event of a stream, in the provider's words but not yet framed. */
export interface StreamEvent {
  readonly name?: string
  /** JSON, or a marker such as OpenAI's `[DONE]`. */
  readonly text: string
  /** AWS frames an exception apart from events. */
  readonly isException?: boolean
}

/** How a stream's events become bytes: one chunk for each. */
export interface Framing {
  readonly contentType: string
  encode(events: readonly StreamEvent[]): Buffer[]
}

/** An answer in pieces. */
export interface StreamReply {
  readonly framing: Framing
  readonly events: readonly StreamEvent[]
  /** What this provider sends in place of the rest when it fails after so many events. */
  errorEvents(after: number): readonly StreamEvent[]
}

export type Reply = JsonReply | StreamReply

/** A request that was understood. */
export interface Prepared {
  readonly model: string
  reply(twist: Twist): Reply
}

/** Reads a request of its kind. @throws ProviderError or ZodError when the provider would refuse it. */
export type Operation = (call: Call) => Prepared

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Its first group, if it has one, is the model, percent-encoded. */
  readonly path: RegExp
  readonly operation: Operation
}

/** How one provider speaks. */
export interface Dialect {
  readonly routes: readonly Route[]
  readonly credential: {
    read(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined
    /** The provider's words for a request without one. */
    readonly missing: string
  }
  /** What else the head lacks, in the provider's words. */
  findHeadProblem?(headers: IncomingHttpHeaders): string | undefined
  /** The response header that names the request. */
  readonly requestIdHeader?: string
  toErrorReply(error: ProviderError, seed: string): JsonReply
}

/** The time of every answer: a clock would make two answers to one question differ. */
export const CREATED = 1_767_225_600

export const toOkReply = (json: unknown): JsonReply => ({ status: 200, json })

/** The end of a stream, to those who want to be told. */
export const DONE: StreamEvent = { text: '[DONE]' }

export const toEvent = (data: object): StreamEvent => ({ text: JSON.stringify(data) })

/** An event that says its type twice, outside and inside, as three of the providers do. */
export const toTypedEvent = (type: string, data: object): StreamEvent => ({
  name: type,
  ...toEvent({ type, ...data }),
})

/** The token of `Authorization: Bearer`. */
export const readBearer = ({ authorization }: IncomingHttpHeaders): string | undefined =>
  authorization === undefined ? undefined : /^Bearer +(.+)$/i.exec(authorization)?.[1]
