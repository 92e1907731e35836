/** Text, where a dialect has parts. */
export interface TextPart {
  readonly type: 'text'
  readonly text: string
}

/** Where the bytes of a medium are. */
export type MediaSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'base64'; readonly mediaType: string; readonly data: string }

export interface ImagePart {
  readonly type: 'image'
  readonly source: MediaSource
  readonly detail?: string
}

/** A document, such as a PDF. */
export interface FilePart {
  readonly type: 'file'
  readonly source: MediaSource
  readonly name?: string
}

export interface AudioPart {
  readonly type: 'audio'
  /** Such as `wav` or `mp3`. */
  readonly format: string
  /** Base64. */
  readonly data: string
}

/** What a model thought before it answered. */
export interface ReasoningPart {
  readonly type: 'reasoning'
  readonly text: string
  /** By which the provider knows its own words again when they come back. */
  readonly signature?: string
  /** The thought as the provider alone can read it; `text` is empty then. */
  readonly redacted?: string
}

/** A call of a tool by the model. */
export interface ToolCallPart {
  readonly type: 'toolCall'
  readonly id: string
  readonly name: string
  /** JSON, as the model wrote it: it may be cut, or wrong. */
  readonly arguments: string
}

/** The model's own words on why it does not answer. */
export interface RefusalPart {
  readonly type: 'refusal'
  readonly text: string
}

export type UserPart = TextPart | ImagePart | FilePart | AudioPart
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart

/** What a tool gave back. */
export interface ToolResult {
  /** Of the call that it answers. */
  readonly callId: string
  readonly parts: readonly (TextPart | ImagePart)[]
  readonly isError?: boolean
}

export type Message =
  | { readonly role: 'system'; readonly parts: readonly TextPart[] }
  | { readonly role: 'user'; readonly parts: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] }

/** A function that the model may call. */
export interface Tool {
  readonly name: string
  readonly description?: string
  /** JSON schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly strict?: boolean
}

export type ToolChoice =
  | { readonly type: 'auto' | 'none' | 'required' }
  | { readonly type: 'tool'; readonly name: string }

/** What the text of the answer must be; without it, any text. */
export type OutputFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'schema'
      readonly name: string
      readonly description?: string
      readonly schema: Readonly<Record<string, unknown>>
      readonly strict?: boolean
    }

export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

/** How much the model shall think; a dialect has words for one of the two, or for both. */
export interface Reasoning {
  readonly effort?: (typeof EFFORTS)[number]
  readonly budgetTokens?: number
}

/**
 * A conversation that a model shall continue, freed from the words of any dialect. It passes
 * between a caller and a provider that speak different ones, and where the gateway has to read or
 * change what is said.
 */
export interface ChatRequest {
  /** In order; those of the role `system` may stand anywhere. */
  readonly messages: readonly Message[]
  readonly tools: readonly Tool[]
  readonly toolChoice?: ToolChoice
  /** False: at most one call of a tool in an answer. */
  readonly parallelToolCalls?: boolean
  readonly output?: OutputFormat
  readonly reasoning?: Reasoning
  /** Most output tokens. */
  readonly maxTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly stop?: readonly string[]
  readonly seed?: number
  readonly presencePenalty?: number
  readonly frequencyPenalty?: number
  /** Who the caller's own user is, for the provider's watch over abuse. */
  readonly user?: string
  /** Fields of the caller's body that have no place here, as the caller wrote them. */
  readonly unknown: readonly string[]
}
