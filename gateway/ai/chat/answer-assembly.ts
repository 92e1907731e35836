import type { ChatAnswer, ChatEvent } from './answer.ts'
import type { AssistantPart } from './request.ts'

/** Makes an answer of its stream. */
export interface AnswerAssembly {
  push(event: ChatEvent): void
  /** @returns undefined for a stream that is only a part of an answer, or failed */
  toAnswer(): ChatAnswer | undefined
}

type Writable<Part> = { -readonly [Name in keyof Part]: Part[Name] }
type Part<Type extends AssistantPart['type']> = Writable<Extract<AssistantPart, { type: Type }>>
type Event<Type extends ChatEvent['type']> = Extract<ChatEvent, { type: Type }>

/** The parts of an answer, as they grow. */
class Parts {
  readonly #parts: (Part<'text'> | Part<'refusal'> | Part<'reasoning'> | Part<'toolCall'>)[] = []
  readonly #calls = new Map<number, Part<'toolCall'>>()

  addText({ type, text }: Event<'text' | 'refusal'>): void {
    const last = this.#parts.at(-1)
    if (last?.type === type) last.text += text
    else this.#parts.push({ type, text })
  }

  addReasoning(text: string): void {
    const open = this.#openReasoning()
    if (open) open.text += text
    else this.#parts.push({ type: 'reasoning', text })
  }

  sign(signature: string): void {
    const open = this.#openReasoning()
    if (open) open.signature = signature
    else this.#parts.push({ type: 'reasoning', text: '', signature })
  }

  addRedacted(redacted: string): void {
    this.#parts.push({ type: 'reasoning', text: '', redacted })
  }

  beginCall({ index, id, name }: Event<'toolCall'>): void {
    const call: Part<'toolCall'> = { type: 'toolCall', id, name, arguments: '' }
    this.#calls.set(index, call)
    this.#parts.push(call)
  }

  addArguments({ index, json }: Event<'toolArguments'>): void {
    const call = this.#calls.get(index)
    if (call) call.arguments += json
  }

  /** A call without arguments has none to send in pieces. */
  toParts(): AssistantPart[] {
    return this.#parts.map((part) =>
      part.type === 'toolCall' && part.arguments === ''
        ? { ...part, arguments: '{}' }
        : { ...part },
    )
  }

  #openReasoning(): Part<'reasoning'> | undefined {
    const last = this.#parts.at(-1)
    const isOpen =
      last?.type === 'reasoning' && last.signature === undefined && last.redacted === undefined
    return isOpen ? last : undefined
  }
}

/** Creates what makes an answer of the events of its stream. */
export const createAnswerAssembly = (): AnswerAssembly => {
  const parts = new Parts()
  let start: Event<'start'> | undefined
  let finish: Event<'finish'> | undefined
  let usage: Event<'usage'> | undefined
  let hasFailed = false

  const readers: { [Type in ChatEvent['type']]: (event: Event<Type>) => void } = {
    start: (event) => {
      start = event
    },
    text: (event) => parts.addText(event),
    refusal: (event) => parts.addText(event),
    reasoning: ({ text }) => parts.addReasoning(text),
    reasoningSignature: ({ signature }) => parts.sign(signature),
    redactedReasoning: ({ redacted }) => parts.addRedacted(redacted),
    toolCall: (event) => parts.beginCall(event),
    toolArguments: (event) => parts.addArguments(event),
    finish: (event) => {
      finish = event
    },
    usage: (event) => {
      usage = event
    },
    error: () => {
      hasFailed = true
    },
    end: () => {},
  }

  return {
    push: (event) => readers[event.type](event as never),
    toAnswer() {
      if (!finish || hasFailed) return undefined
      const { type: _start, ...names } = start ?? { type: 'start' }
      const { type: _finish, ...ending } = finish
      return {
        ...names,
        parts: parts.toParts(),
        ...ending,
        ...(usage && { usage: usage.usage }),
      }
    },
  }
}
