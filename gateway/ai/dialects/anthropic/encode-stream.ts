import type { Usage } from '../../../link/model-stats.ts'
import type { ChatEvent } from '../../chat/answer.ts'
import type { AnswerMeta, StreamEncoder } from '../../dialect.ts'
import { BlockOrder } from './block-order.ts'
import { encodeHead, encodeToolUse } from './encode-answer.ts'
import { encodeFinish } from './finish.ts'
import { encodeUsage } from './usage.ts'

const encodeEvent = (type: string, rest: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`

type Of<Type extends ChatEvent['type']> = Extract<ChatEvent, { readonly type: Type }>

type Block = Readonly<Record<string, unknown>> & { readonly type: string }

/** What alone begins no answer. */
const SILENT = new Set<ChatEvent['type']>(['start', 'usage', 'error', 'end'])

/** https://platform.claude.com/docs/en/build-with-claude/streaming#event-types */
class AnthropicStreamEncoder implements StreamEncoder {
  readonly #meta: AnswerMeta
  #blocks = 0
  /** The type of the block that is being written. */
  #open: string | undefined
  readonly #order = new BlockOrder()
  #hasStart = false
  #finish: Of<'finish'> | undefined
  #usage: Usage | undefined

  constructor(meta: AnswerMeta) {
    this.#meta = meta
  }

  push(event: ChatEvent): string {
    let text = this.#hasStart || SILENT.has(event.type) ? '' : this.#start({})
    for (const each of this.#order.push(event)) text += this.#write(each)
    return text
  }

  #write(event: ChatEvent): string {
    switch (event.type) {
      case 'start':
        return this.#start(event)
      case 'text':
      case 'refusal':
        return this.#addText(event.text)
      case 'reasoning':
        return this.#addReasoning(event.text)
      case 'reasoningSignature':
        return this.#sign(event.signature)
      case 'redactedReasoning':
        return this.#begin({ type: 'redacted_thinking', data: event.redacted }) + this.#close()
      case 'toolCall':
        return this.#begin(encodeToolUse(event, {}))
      case 'toolArguments':
        return this.#addArguments(event.json)
      case 'end':
        return this.#end()
      // Told at the end, when both are known.
      case 'finish':
        this.#finish = event
        return ''
      case 'usage':
        this.#usage = event.usage
        return ''
      // Told as a problem, by who knows what the caller may learn of it.
      case 'error':
        return ''
    }
  }

  #start({ id }: Pick<Of<'start'>, 'id'>): string {
    this.#hasStart = true
    const message = {
      ...encodeHead(id, this.#meta),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: encodeUsage(this.#usage),
    }
    return encodeEvent('message_start', { message })
  }

  #addText(text: string): string {
    if (text === '') return ''
    const begin = this.#open === 'text' ? '' : this.#begin({ type: 'text', text: '' })
    return begin + this.#addDelta({ type: 'text_delta', text })
  }

  #addReasoning(thinking: string): string {
    if (thinking === '') return ''
    return this.#beginThinking() + this.#addDelta({ type: 'thinking_delta', thinking })
  }

  #beginThinking(): string {
    if (this.#open === 'thinking') return ''
    return this.#begin({ type: 'thinking', thinking: '', signature: '' })
  }

  #sign(signature: string): string {
    const begin = this.#beginThinking()
    return begin + this.#addDelta({ type: 'signature_delta', signature }) + this.#close()
  }

  #addArguments(json: string): string {
    return json === '' ? '' : this.#addDelta({ type: 'input_json_delta', partial_json: json })
  }

  /** @returns the end of the block before, and the beginning of this one */
  #begin(block: Block): string {
    const closing = this.#close()
    this.#open = block.type
    this.#blocks += 1
    const index = this.#blocks - 1
    return closing + encodeEvent('content_block_start', { index, content_block: block })
  }

  #addDelta(delta: object): string {
    return encodeEvent('content_block_delta', { index: this.#blocks - 1, delta })
  }

  #close(): string {
    if (this.#open === undefined) return ''
    this.#open = undefined
    return encodeEvent('content_block_stop', { index: this.#blocks - 1 })
  }

  /** Nothing, where the answer is only a part of one: no client must take it for whole. */
  #end(): string {
    if (!this.#finish) return ''
    const delta = encodeFinish(this.#finish.finish, this.#finish.stopSequence)
    const usage = encodeUsage(this.#usage)
    return (
      this.#close() + encodeEvent('message_delta', { delta, usage }) + encodeEvent('message_stop')
    )
  }
}

/** Creates what writes the stream of one answer; the usage is a part of every one. */
export const createStreamEncoder = (meta: AnswerMeta): StreamEncoder =>
  new AnthropicStreamEncoder(meta)
