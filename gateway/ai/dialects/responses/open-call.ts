import type { ItemSlot } from './item-slot.ts'
import { type ItemStatus, toArguments, toCallItem } from './output-item.ts'

/** What the model calls. */
export interface Callee {
  readonly id: string
  readonly name: string
}

/** A call of a tool that the model has begun. */
export class OpenCall {
  readonly #slot: ItemSlot
  readonly #callee: Callee
  #json = ''

  constructor(slot: ItemSlot, callee: Callee) {
    this.#slot = slot
    this.#callee = callee
    slot.begin(this.#toItem('in_progress', ''))
  }

  /** Whether nothing can follow. */
  get isWhole(): boolean {
    if (!this.#json.trimStart().startsWith('{')) return false
    try {
      JSON.parse(this.#json)
      return true
    } catch {
      return false
    }
  }

  push(json: string): void {
    this.#json += json
    this.#slot.write('response.function_call_arguments.delta', { delta: json })
  }

  close(status: ItemStatus): void {
    const json = toArguments(this.#json, status)
    if (json !== this.#json) this.push(json)
    const { name } = this.#callee
    this.#slot.write('response.function_call_arguments.done', { name, arguments: json })
    this.#slot.end(this.#toItem(status, json))
  }

  #toItem(status: ItemStatus, json: string): object {
    return toCallItem(this.#slot.id, status, { ...this.#callee, arguments: json })
  }
}
