import type { Usage } from '../../../link/model-stats.ts'
import type { ChatEvent, Finish } from '../../chat/answer.ts'
import type { RefusalPart, TextPart } from '../../chat/request.ts'
import type { AnswerMeta, StreamEncoder } from '../../dialect.ts'
import { EventBuffer } from './event-buffer.ts'
import { ItemSlot } from './item-slot.ts'
import { type Callee, OpenCall } from './open-call.ts'
import { OpenMessage } from './open-message.ts'
import { OpenThought } from './open-thought.ts'
import { type ItemPrefix, type ItemStatus, toItemId, toReasoningItem } from './output-item.ts'
import { toResponse, toStatus } from './response-object.ts'

/**
 * Writes the events of one answer: https://platform.openai.com/docs/api-reference/responses-streaming
 *
 * The last event tells the usage, so that it waits for the usage, or for the end.
 */
class ResponseWriter implements StreamEncoder {
  #meta: AnswerMeta
  readonly #events = new EventBuffer()
  /** Items that are whole. */
  readonly #output: object[] = []
  #items = 0
  #message: OpenMessage | undefined
  #thought: OpenThought | undefined
  /** By their index: some providers tell those of one turn side by side. */
  readonly #calls = new Map<number, OpenCall>()
  #latest: number | undefined
  #finish: Finish | undefined
  #usage: Usage | undefined
  #isBegun = false
  #isDone = false

  constructor(meta: AnswerMeta) {
    this.#meta = meta
  }

  push(event: ChatEvent): string {
    if (!this.#isDone) this.#read(event)
    return this.#events.take()
  }

  #read(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        this.#begin(event.model)
        break
      case 'text':
      case 'refusal':
        this.#say(event)
        break
      case 'reasoning':
        this.#think(event.text)
        break
      case 'reasoningSignature':
        this.#sign(event.signature)
        break
      case 'redactedReasoning':
        this.#hide(event.redacted)
        break
      case 'toolCall':
        this.#call(event.index, event)
        break
      case 'toolArguments':
        this.#calls.get(event.index)?.push(event.json)
        break
      case 'finish':
        this.#end(event.finish)
        break
      case 'usage':
        this.#usage = event.usage
        this.#complete()
        break
      case 'end':
        this.#complete()
        break
      case 'error':
        // What the caller is told of it is a problem, and not for this to write.
        break
    }
  }

  #begin(model = this.#meta.model): void {
    if (this.#isBegun) return
    this.#isBegun = true
    this.#meta = { ...this.#meta, model }
    const response = toResponse(this.#meta, { finish: undefined, output: [], usage: undefined })
    this.#events.write('response.created', { response })
    this.#events.write('response.in_progress', { response })
  }

  #say(part: TextPart | RefusalPart): void {
    if (part.text === '') return
    if (!this.#message) this.#message = new OpenMessage(this.#open('msg'))
    this.#message.push(part)
  }

  #think(text: string): void {
    if (text === '') return
    if (!this.#thought) this.#thought = new OpenThought(this.#open('rs'))
    this.#thought.push(text)
  }

  #sign(signature: string): void {
    const thought = this.#thought ?? new OpenThought(this.#open('rs'))
    thought.close(signature)
    this.#thought = undefined
  }

  #hide(redacted: string): void {
    const slot = this.#open('rs')
    const item = toReasoningItem(slot.id, { text: '', redacted })
    slot.begin(item)
    slot.end(item)
  }

  #call(index: number, callee: Callee): void {
    this.#calls.get(index)?.close('completed')
    this.#calls.delete(index)
    this.#calls.set(index, new OpenCall(this.#open('fc'), callee))
    this.#latest = index
  }

  /** Makes room for an item, after those before it. */
  #open(prefix: ItemPrefix): ItemSlot {
    this.#begin()
    this.#closeSpoken('completed')
    this.#closeLatest()
    const index = this.#items
    this.#items += 1
    const id = toItemId(prefix, this.#meta.requestId, index)
    return new ItemSlot({ id, index }, this.#events, this.#output)
  }

  #closeSpoken(status: ItemStatus): void {
    this.#message?.close(status)
    this.#message = undefined
    this.#thought?.close()
    this.#thought = undefined
  }

  /** Clients may call the tool now; arguments that are not whole may go on until the finish. */
  #closeLatest(): void {
    const index = this.#latest ?? -1
    this.#latest = undefined
    const call = this.#calls.get(index)
    if (!call?.isWhole) return
    call.close('completed')
    this.#calls.delete(index)
  }

  #closeAll(status: ItemStatus): void {
    this.#closeSpoken(status)
    for (const call of this.#calls.values()) call.close(status)
    this.#calls.clear()
  }

  #end(finish: Finish): void {
    this.#begin()
    this.#finish = finish
    this.#closeAll(toStatus(finish))
  }

  #complete(): void {
    const finish = this.#finish
    if (finish === undefined) return
    this.#isDone = true
    const status = toStatus(finish)
    this.#closeAll(status)
    const response = toResponse(this.#meta, { finish, output: this.#output, usage: this.#usage })
    this.#events.write(`response.${status}`, { response })
  }
}

/** Creates what writes the stream of one answer. */
export const createStreamEncoder = (meta: AnswerMeta): StreamEncoder => new ResponseWriter(meta)
