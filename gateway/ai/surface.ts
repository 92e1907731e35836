import type { IncomingHttpHeaders } from 'node:http'
import type { CompiledModel } from '#config/compiled/ai-model.ts'
import type { Usage } from '../link/model-stats.ts'
import type { AiProblem } from './ai-problem.ts'
import type { CallerDialect, EmbeddingsAnswer, EmbeddingsRequest } from './dialect.ts'

/** What is done with a model. */
export type Operation = 'chat' | 'embeddings' | 'countTokens'

/** What the gateway has to know of an answer that comes as a whole. */
export interface WholeAnswer {
  readonly isFailure: boolean
  readonly usage: Usage | undefined
}

/** The stream of an answer on its way to the caller. Strings hold one byte per character. */
export interface StreamReader {
  readonly usage: Usage | undefined
  /** Whether the provider told of an error within it. */
  readonly hasError: boolean
  /** Why a gate has ended it; nothing of use follows. */
  readonly problem?: AiProblem | undefined
  /** Its end mark has passed. */
  readonly isDone: boolean
  /** Characters of what was said so far, where that is read. */
  readonly textLength?: number
  /** Whether it came to its end as it should: an answer without is a part of one. */
  readonly isComplete: boolean
  /**
   * @returns the events to pass on; empty where there are none
   * @throws Error for what cannot be read
   */
  push(chunk: string): string
  /** @returns what is missing of an answer that is complete. */
  end(): string
}

/** A call for a provider that speaks the caller's dialect: bytes pass as they are. */
export interface NativeCall {
  /** Below the base path of the model's endpoint. */
  readonly path: string
  /** Names and values, beside those of every request and the credential. */
  readonly headers: readonly string[]
  readonly body: Buffer
  createStream(): StreamReader
  /** @returns undefined when it is no answer */
  readWhole(body: Buffer): WholeAnswer | undefined
  /** @param answer what the provider says to a request that it refuses, parsed if it is JSON */
  toCallerError(answer: unknown): string
}

/** A call as its caller made it. */
export interface CallerCall {
  /** As the caller names the model. */
  readonly model: string
  readonly isStream: boolean
  /** Whether a stream shall end with its usage. */
  readonly wantsUsage: boolean
  /** Most output tokens that are asked for. */
  readonly maxTokens: number | undefined
  /** Answers that are asked for side by side; one if it is not said. */
  readonly choices?: number
  /** The body, parsed. */
  readonly values: Readonly<Record<string, unknown>>
  /** @returns undefined when the model's provider speaks another dialect */
  toNative(model: CompiledModel): NativeCall | undefined
}

/** What a caller of embeddings says, and how it wants them. */
export interface EmbeddingsCaller {
  /** @throws RequestFault when it is not valid */
  decodeRequest(values: Readonly<Record<string, unknown>>): EmbeddingsRequest
  encodeAnswer(answer: EmbeddingsAnswer, values: CallerCall['values'], model: string): object
}

/** One of the AI endpoints. */
export interface Surface {
  readonly path: string
  readonly operation: Operation
  readonly caller: CallerDialect
  readonly embeddings?: EmbeddingsCaller
  /** @returns why not, in place of a call that is not valid */
  read(body: Buffer, headers: IncomingHttpHeaders): CallerCall | AiProblem
}
