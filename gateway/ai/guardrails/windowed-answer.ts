import type { ChatEvent } from '../chat/answer.ts'
import { unmaskPiece } from './check-answer.ts'
import { type Rewrite, rewritePiece } from './pieces.ts'
import { createRedact } from './redact.ts'
import type { Inspection, LocalRule } from './redactor.ts'
import { TextChannel } from './text-channel.ts'
import type { Vault } from './vault.ts'

type Event<Type extends ChatEvent['type']> = Extract<ChatEvent, { type: Type }>
type TextEvent = Event<'text' | 'refusal' | 'reasoning'>

interface HeldCall {
  /** Absent for arguments that come after their call was let out. */
  readonly call?: ChatEvent
  readonly json: string[]
}

/**
 * The events of an answer with rules applied. A text ends where one of another kind begins, and is
 * let out before that; calls of tools are let out whole, before what follows them.
 */
export class WindowedAnswer {
  readonly #rules: readonly LocalRule[]
  readonly #inspection: Inspection
  readonly #vault: Vault
  readonly #redact: Rewrite
  #kind: TextEvent['type'] | undefined
  #channel: TextChannel | undefined
  #isReasoningChanged = false
  readonly #calls = new Map<number, HeldCall>()

  constructor(rules: readonly LocalRule[], inspection: Inspection, vault: Vault) {
    this.#rules = rules
    this.#inspection = inspection
    this.#vault = vault
    this.#redact = createRedact(rules, inspection)
  }

  push(event: ChatEvent): ChatEvent[] {
    switch (event.type) {
      case 'start':
      case 'usage':
        return [event]
      case 'text':
      case 'refusal':
      case 'reasoning':
        return this.#say(event)
      case 'reasoningSignature':
        return this.#sign(event)
      case 'toolCall':
        return this.#beginCall(event)
      case 'toolArguments':
        this.#addArguments(event)
        return []
      case 'redactedReasoning':
      case 'finish':
      case 'error':
      case 'end':
        return [...this.end(), event]
    }
  }

  /** Lets out all that is held back. */
  end(): ChatEvent[] {
    return [...this.#endText(), ...this.#endCalls()]
  }

  #say({ type, text }: TextEvent): ChatEvent[] {
    const ended = this.#kind === type && this.#calls.size === 0 ? [] : this.end()
    this.#channel ??= new TextChannel(this.#rules, this.#inspection, this.#vault)
    this.#kind = type
    const passed = this.#channel.push(text)
    return passed === '' ? ended : [...ended, { type, text: passed }]
  }

  /** A signature is for the words that the provider wrote. */
  #sign(event: Event<'reasoningSignature'>): ChatEvent[] {
    const isOfText = this.#kind === 'reasoning'
    const ended = this.end()
    return isOfText && this.#isReasoningChanged ? ended : [...ended, event]
  }

  #beginCall(event: Event<'toolCall'>): ChatEvent[] {
    const ended = this.#endText()
    this.#calls.set(event.index, { call: event, json: [] })
    return ended
  }

  #addArguments({ index, json }: Event<'toolArguments'>): void {
    const held = this.#calls.get(index) ?? { json: [] }
    held.json.push(json)
    this.#calls.set(index, held)
  }

  #endText(): ChatEvent[] {
    const [type, channel] = [this.#kind, this.#channel]
    if (type === undefined || channel === undefined) return []
    const text = channel.end()
    this.#isReasoningChanged = type === 'reasoning' && channel.hasMasked
    this.#kind = undefined
    this.#channel = undefined
    return text === '' ? [] : [{ type, text }]
  }

  #endCalls(): ChatEvent[] {
    const events: ChatEvent[] = []
    for (const [index, { call, json }] of this.#calls) {
      if (call) events.push(call)
      if (json.length > 0) events.push(this.#toArguments(index, json.join('')))
    }
    this.#calls.clear()
    return events
  }

  #toArguments(index: number, json: string): ChatEvent {
    const piece = { text: json, role: 'assistant', form: 'json' } as const
    const masked = { ...piece, text: rewritePiece(piece, this.#redact) }
    return { type: 'toolArguments', index, json: unmaskPiece(masked, this.#vault) }
  }
}
