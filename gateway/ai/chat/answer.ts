import type { Usage } from '../../link/model-stats.ts'
import type { AssistantPart } from './request.ts'

/** Why an answer ends. */
export type Finish = 'stop' | 'length' | 'toolCalls' | 'contentFilter'

/** An answer, freed from the words of any dialect. */
export interface ChatAnswer {
  /** As the provider named them, if it did. */
  readonly id?: string
  readonly model?: string
  readonly parts: readonly AssistantPart[]
  readonly finish: Finish
  /** The one of the request's `stop` that ended it. */
  readonly stopSequence?: string
  readonly usage?: Usage
}

/**
 * A piece of an answer that is streamed, in order: `start` first, then what is said, `finish` once
 * all is said, `usage` whenever it is known (a later one replaces an earlier one), `end` at the end
 * mark of the provider. A stream without `finish` is a part of an answer.
 */
export type ChatEvent =
  | { readonly type: 'start'; readonly id?: string; readonly model?: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'refusal'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** Belongs to the reasoning before it, and ends that. */
  | { readonly type: 'reasoningSignature'; readonly signature: string }
  | { readonly type: 'redactedReasoning'; readonly redacted: string }
  /** Begins a call of a tool. Indices count up from 0. */
  | {
      readonly type: 'toolCall'
      readonly index: number
      readonly id: string
      readonly name: string
    }
  | { readonly type: 'toolArguments'; readonly index: number; readonly json: string }
  | { readonly type: 'finish'; readonly finish: Finish; readonly stopSequence?: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** The provider failed within its answer; nothing of use follows. */
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'end' }
