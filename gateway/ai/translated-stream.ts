import type { Usage } from '../link/model-stats.ts'
import type { AiProblem } from './ai-problem.ts'
import type { ChatEvent } from './chat/answer.ts'
import type { StreamDecoder, StreamEncoder } from './dialect.ts'
import type { StreamFilter } from './gates/gate.ts'
import type { StreamReader } from './surface.ts'

/** A stream in the provider's dialect on one side, and in the caller's on the other. */
export class TranslatedStream implements StreamReader {
  isDone = false
  hasError = false
  isComplete = false
  textLength = 0
  usage: Usage | undefined
  readonly #decoder: StreamDecoder
  readonly #encoder: StreamEncoder

  readonly #filter: StreamFilter | undefined

  constructor(decoder: StreamDecoder, encoder: StreamEncoder, filter?: StreamFilter) {
    this.#decoder = decoder
    this.#encoder = encoder
    this.#filter = filter
  }

  get problem(): AiProblem | undefined {
    return this.#filter?.problem
  }

  push(chunk: string): string {
    let text = ''
    for (const event of this.#decoder.push(chunk)) text += this.#filtered(event)
    return toBytes(text)
  }

  end(): string {
    return this.isComplete && !this.isDone ? toBytes(this.#filtered({ type: 'end' })) : ''
  }

  #filtered(event: ChatEvent): string {
    if (!this.#filter) return this.#pass(event)
    return this.#filter.push(event).reduce((text, each) => text + this.#pass(each), '')
  }

  #pass(event: ChatEvent): string {
    // The caller is told by the gateway, in its own words.
    if (this.hasError || this.isDone) return ''
    if (event.type === 'error') this.hasError = true
    else if (event.type === 'finish') this.isComplete = true
    else if (event.type === 'usage') this.usage = event.usage
    else if (event.type === 'text' || event.type === 'reasoning') {
      this.textLength += event.text.length
    } else if (event.type === 'toolArguments') this.textLength += event.json.length
    else if (event.type === 'end') this.isDone = this.isComplete
    return this.hasError ? '' : this.#encoder.push(event)
  }
}

/** One byte per character, as all streams go on. */
const toBytes = (text: string): string => Buffer.from(text).toString('latin1')
