import type { ItemSlot } from './item-slot.ts'
import { toReasoningItem } from './output-item.ts'

/** A thought that the model has begun; its text is told as its summary. */
export class OpenThought {
  readonly #slot: ItemSlot
  #text = ''

  constructor(slot: ItemSlot) {
    this.#slot = slot
    slot.begin({ type: 'reasoning', id: slot.id, summary: [] })
    this.#write('response.reasoning_summary_part.added', {
      part: { type: 'summary_text', text: '' },
    })
  }

  push(text: string): void {
    this.#text += text
    this.#write('response.reasoning_summary_text.delta', { delta: text })
  }

  close(signature?: string): void {
    const text = this.#text
    this.#write('response.reasoning_summary_text.done', { text })
    this.#write('response.reasoning_summary_part.done', { part: { type: 'summary_text', text } })
    this.#slot.end(
      toReasoningItem(this.#slot.id, signature === undefined ? { text } : { text, signature }),
    )
  }

  #write(type: string, fields: object): void {
    this.#slot.write(type, { summary_index: 0, ...fields })
  }
}
