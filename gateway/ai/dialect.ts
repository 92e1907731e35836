import type { CompiledModel } from '#config/compiled/ai-model.ts'
import type { Usage } from '../link/model-stats.ts'
import type { AiProblem } from './ai-problem.ts'
import type { ChatAnswer, ChatEvent } from './chat/answer.ts'
import type { ChatRequest } from './chat/request.ts'

/** A request in the words of a provider. */
export interface ProviderRequest {
  /** Below the base path of the model's endpoint, with the query if there is one. */
  readonly path: string
  /** Names and values, beside those of every request and the credential. */
  readonly headers: readonly string[]
  /** To be sent as JSON. */
  readonly body: object
  /** What the caller asked for and the provider has no words for, in snake case: `top_k`. */
  readonly ignored: readonly string[]
}

/** What a model is, as far as a request to it depends on that. */
export type ModelTraits = Pick<
  CompiledModel,
  'model' | 'maxTokens' | 'maxTokensField' | 'hasStreamOptions'
>

/** Reads the stream of one answer. */
export interface StreamDecoder {
  /**
   * @param chunk as it came, cut anywhere, one byte per character
   * @throws Error when it cannot be read
   */
  push(chunk: string): readonly ChatEvent[]
}

/** What an answer that is no chat is made of. */
export interface EmbeddingsRequest {
  readonly input: readonly string[]
  readonly dimensions?: number
}

export interface EmbeddingsAnswer {
  /** One for each input, in the same order. */
  readonly vectors: readonly (readonly number[])[]
  readonly usage?: Usage
}

/** A request and its answer that come as a whole. */
export interface Codec<Request, Answer> {
  /** @throws RequestFault when the provider has no words for something that cannot be left out */
  encode(request: Request, model: ModelTraits): ProviderRequest
  /** @param json the answer, parsed. @throws Error when it is none. */
  decode(json: unknown): Answer
}

/** How a provider is spoken to, and understood. */
export interface ProviderDialect {
  readonly chat: Codec<ChatRequest, ChatAnswer> & {
    encodeStream(request: ChatRequest, model: ModelTraits): ProviderRequest
    /** The media type of a stream; an answer of another type is not streamed. */
    readonly streamType: string
    createStreamDecoder(): StreamDecoder
  }
  readonly embeddings?: Codec<EmbeddingsRequest, EmbeddingsAnswer>
  /** How many tokens a request has. */
  readonly countTokens?: Codec<ChatRequest, number>
  /**
   * The provider's own words on why it refused a request.
   * @param json its answer, parsed; undefined when it is no JSON
   */
  readErrorMessage(json: unknown): string | undefined
}

/** What an answer says beside what the model said. */
export interface AnswerMeta {
  /** Where the provider gave no id of its own. */
  readonly requestId: string
  /** As the caller named the model. */
  readonly model: string
  /** Epoch seconds. */
  readonly createdAt: number
}

/** Writes the stream of one answer. */
export interface StreamEncoder {
  /** @returns whole events as UTF-8 text; empty for what the caller is not told. */
  push(event: ChatEvent): string
}

/** How a caller speaks, and wants to be answered. */
export interface CallerDialect {
  /**
   * @param body parsed; an object
   * @throws RequestFault when it is not valid
   */
  decodeRequest(body: Readonly<Record<string, unknown>>): ChatRequest
  encodeAnswer(answer: ChatAnswer, meta: AnswerMeta): object
  /** @param wantsUsage whether the caller asked for the usage, where that is a question */
  createStreamEncoder(meta: AnswerMeta, wantsUsage: boolean): StreamEncoder
  /** The body of an answer that is an error, as JSON. */
  encodeProblem(problem: AiProblem): string
  /** An error within a stream; the last thing that the caller is told. */
  encodeProblemEvent(problem: AiProblem): string
}
