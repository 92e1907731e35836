import type { Usage } from '../../../link/model-stats.ts'
import type { ChatEvent, Finish } from '../../chat/answer.ts'
import type { AnswerMeta, StreamEncoder } from '../../dialect.ts'
import { toAnswerId } from './encode-answer.ts'
import { FINISH_REASONS } from './finish.ts'
import { encodeReasoningDetail } from './reasoning-details.ts'
import { encodeUsage } from './usage.ts'

/** What only the end of the stream tells. */
const DONE = 'data: [DONE]\n\n'

/** What alone begins no answer. */
const SILENT = new Set<ChatEvent['type']>(['start', 'usage', 'error', 'end'])

/** Writes the chunks of one answer: https://platform.openai.com/docs/api-reference/chat-streaming */
class ChunkWriter implements StreamEncoder {
  readonly #meta: AnswerMeta
  readonly #wantsUsage: boolean
  /** All that stands before the choices of each chunk. */
  #head = ''
  #usage: Usage | undefined
  #hasFinish = false
  /** Of the thought that is not signed yet. */
  #thought: string[] = []
  #thoughts = 0
  /** Calls of tools without a word of their arguments yet. */
  readonly #bare = new Set<number>()

  constructor(meta: AnswerMeta, wantsUsage: boolean) {
    this.#meta = meta
    this.#wantsUsage = wantsUsage
  }

  push(event: ChatEvent): string {
    const start = this.#head === '' && !SILENT.has(event.type) ? this.#start({}) : ''
    return start + this.#write(event)
  }

  #write(event: ChatEvent): string {
    switch (event.type) {
      case 'start':
        return this.#start(event)
      case 'text':
        return this.#toChunk({ content: event.text })
      case 'refusal':
        return this.#toChunk({ refusal: event.text })
      case 'toolCall': {
        this.#bare.add(event.index)
        const called = { name: event.name, arguments: '' }
        return this.#toCallChunk(event.index, { id: event.id, type: 'function', function: called })
      }
      case 'toolArguments':
        return this.#toArgumentsChunk(event.index, event.json)
      case 'finish':
        return this.#finish(event.finish)
      case 'usage':
        this.#usage = event.usage
        return ''
      case 'end':
        return this.#end()
      case 'error':
        // What the caller is told of it is a problem, and not for this to write.
        return ''
      default:
        return this.#pushThought(event)
    }
  }

  #start({ id, model }: Omit<Extract<ChatEvent, { type: 'start' }>, 'type'>): string {
    const envelope = {
      id: toAnswerId(id, this.#meta),
      object: 'chat.completion.chunk',
      created: this.#meta.createdAt,
      model: model ?? this.#meta.model,
    }
    this.#head = `data: ${JSON.stringify(envelope).slice(0, -1)},"choices":[`
    return this.#toChunk({ role: 'assistant', content: '', refusal: null })
  }

  #pushThought(event: Extract<ChatEvent, { type: `reasoning${string}` | 'redactedReasoning' }>) {
    switch (event.type) {
      case 'reasoning':
        this.#thought.push(event.text)
        return this.#toChunk({ reasoning_content: event.text })
      case 'reasoningSignature': {
        const text = this.#thought.join('')
        this.#thought = []
        return this.#toDetailChunk({ text, signature: event.signature })
      }
      case 'redactedReasoning':
        return this.#toDetailChunk({ text: '', redacted: event.redacted })
    }
  }

  #toDetailChunk(thought: Parameters<typeof encodeReasoningDetail>[0]): string {
    const detail = encodeReasoningDetail(thought, this.#thoughts)
    this.#thoughts += 1
    return this.#toChunk({ reasoning_details: [detail] })
  }

  #toArgumentsChunk(index: number, json: string): string {
    if (json !== '') this.#bare.delete(index)
    return this.#toCallChunk(index, { function: { arguments: json } })
  }

  /** Clients parse the arguments of every call, and nothing is no JSON. */
  #finish(finish: Finish): string {
    this.#hasFinish = true
    const missing = finish === 'length' ? [] : Array.from(this.#bare)
    const chunks = missing.map((index) => this.#toArgumentsChunk(index, '{}'))
    return chunks.join('') + this.#toChunk({}, FINISH_REASONS[finish])
  }

  #toCallChunk(index: number, call: object): string {
    return this.#toChunk({ tool_calls: [{ index, ...call }] })
  }

  #toChunk(delta: object, reason: string | null = null): string {
    const choice = { index: 0, delta, logprobs: null, finish_reason: reason }
    const usage = this.#wantsUsage ? ',"usage":null' : ''
    return `${this.#head}${JSON.stringify(choice)}]${usage}}\n\n`
  }

  /** Nothing, where the answer is only a part of one: no client must take it for whole. */
  #end(): string {
    if (!this.#hasFinish) return ''
    if (!(this.#wantsUsage && this.#usage)) return DONE
    return `${this.#head}],"usage":${JSON.stringify(encodeUsage(this.#usage))}}\n\n${DONE}`
  }
}

/** Creates what writes the stream of one answer. */
export const createStreamEncoder = (meta: AnswerMeta, wantsUsage: boolean): StreamEncoder =>
  new ChunkWriter(meta, wantsUsage)
