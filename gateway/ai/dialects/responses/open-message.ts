import type { RefusalPart, TextPart } from '../../chat/request.ts'
import type { ItemSlot } from './item-slot.ts'
import { type ItemStatus, toContent, toMessageItem } from './output-item.ts'

type Said = TextPart | RefusalPart

/** A message that the model has begun. */
export class OpenMessage {
  readonly #slot: ItemSlot
  /** Whole parts. */
  readonly #content: object[] = []
  #type: Said['type'] | undefined
  #text = ''

  constructor(slot: ItemSlot) {
    this.#slot = slot
    slot.begin(toMessageItem(slot.id, 'in_progress', []))
  }

  push({ type, text }: Said): void {
    if (type !== this.#type) {
      this.#endPart()
      this.#type = type
      this.#write('response.content_part.added', { part: toContent({ type, text: '' }) })
    }
    this.#text += text
    if (type === 'refusal') this.#write('response.refusal.delta', { delta: text })
    else this.#write('response.output_text.delta', { delta: text, logprobs: [] })
  }

  close(status: ItemStatus): void {
    this.#endPart()
    this.#slot.end(toMessageItem(this.#slot.id, status, this.#content))
  }

  #endPart(): void {
    const type = this.#type
    if (type === undefined) return
    const text = this.#text
    if (type === 'refusal') this.#write('response.refusal.done', { refusal: text })
    else this.#write('response.output_text.done', { text, logprobs: [] })
    const part = toContent({ type, text })
    this.#write('response.content_part.done', { part })
    this.#content.push(part)
    this.#text = ''
  }

  #write(type: string, fields: object): void {
    this.#slot.write(type, { content_index: this.#content.length, ...fields })
  }
}
