import type { ChatEvent } from '../../chat/answer.ts'
import { readListedErrorMessage } from '../../chat/error-message.ts'
import { toPresent } from '../../chat/present.ts'
import { createSseDecoder, type SseEvent } from '../../chat/sse-decoder.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { answerSchema, readWords, type Said } from './answer-schema.ts'
import { readFinish } from './finish.ts'
import { isFailure } from './provider-error.ts'
import { createToolCallStream } from './tool-call-stream.ts'
import { readUsage } from './usage.ts'

const FAILED = 'The provider failed within its answer.'

/** Reads the chunks of one answer: https://platform.openai.com/docs/api-reference/chat-streaming */
class ChunkReader {
  /** What was read since it was last taken. */
  events: ChatEvent[] = []
  readonly #calls = createToolCallStream()
  #id: string | undefined
  #hasStarted = false
  #hasRefusal = false
  #hasFinished = false

  read({ name, data }: SseEvent): void {
    if (data === '') return
    if (data.startsWith('[DONE]')) {
      this.#tell({ type: 'end' })
      return
    }
    const json: unknown = JSON.parse(data)
    if (name === 'error' || isFailure(json)) this.#fail(readListedErrorMessage(json))
    else this.#readChunk(json)
  }

  #readChunk(json: unknown): void {
    const { id, model, choices } = answerSchema.parse(json)
    // Azure begins with what it thinks of the request, and no id.
    if (!this.#hasStarted && (id || choices?.length)) {
      this.#id = id || undefined
      this.#tell({ type: 'start', ...toPresent({ id: id || null, model: model || null }) })
    }
    const choice = choices?.find(({ index }) => (index ?? 0) === 0)
    if (choice?.delta) this.#readDelta(choice.delta)
    if (choice?.finish_reason) this.#finish(choice.finish_reason, choice.stop_reason)
    const usage = readUsage(json)
    if (usage) this.#tell({ type: 'usage', usage })
  }

  #readDelta(delta: Said): void {
    const { reasoning, text, refusal } = readWords(delta)
    if (reasoning !== '') this.#tell({ type: 'reasoning', text: reasoning })
    if (text !== '') this.#tell({ type: 'text', text })
    if (refusal !== '') {
      this.#hasRefusal = true
      this.#tell({ type: 'refusal', text: refusal })
    }
    for (const piece of delta.tool_calls ?? []) {
      for (const event of this.#calls.push(piece, this.#id)) this.#tell(event)
    }
  }

  #finish(reason: string, stopReason: string | null | undefined): void {
    // Some servers say it again beside the usage.
    if (this.#hasFinished) return
    this.#hasFinished = true
    const finish = readFinish(reason, {
      hasToolCalls: this.#calls.hasCalls,
      hasRefusal: this.#hasRefusal,
    })
    if (finish === undefined) {
      this.#fail(undefined)
      return
    }
    const stopSequence = finish === 'stop' ? stopReason || null : null
    this.#tell({ type: 'finish', finish, ...toPresent({ stopSequence }) })
  }

  #fail(message = FAILED): void {
    this.#tell({ type: 'error', message })
  }

  #tell(event: ChatEvent): void {
    if (!this.#hasStarted && event.type !== 'start') this.events.push({ type: 'start' })
    this.#hasStarted = true
    this.events.push(event)
  }
}

/** Creates what reads the stream of one answer. */
export const createStreamDecoder = (): StreamDecoder => {
  const reader = new ChunkReader()
  const sse = createSseDecoder((event) => reader.read(event))
  return {
    push(chunk) {
      sse.push(chunk)
      const { events } = reader
      reader.events = []
      return events
    },
  }
}
