import type { EventBuffer } from './event-buffer.ts'

/** The place of an item among those of an answer that is streamed. */
export interface Place {
  readonly id: string
  readonly index: number
}

/** Writes the events of one item, and puts it into the output when it is whole. */
export class ItemSlot {
  readonly id: string
  readonly #index: number
  readonly #events: EventBuffer
  readonly #output: object[]

  constructor({ id, index }: Place, events: EventBuffer, output: object[]) {
    this.id = id
    this.#index = index
    this.#events = events
    this.#output = output
  }

  begin(item: object): void {
    this.#events.write('response.output_item.added', { output_index: this.#index, item })
  }

  write(type: string, fields: object): void {
    this.#events.write(type, { item_id: this.id, output_index: this.#index, ...fields })
  }

  end(item: object): void {
    this.#output[this.#index] = item
    this.#events.write('response.output_item.done', { output_index: this.#index, item })
  }
}
