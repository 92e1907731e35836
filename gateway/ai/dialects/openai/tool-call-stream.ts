import type { ChatEvent } from '../../chat/answer.ts'
import { createCallId } from '../../chat/call-id.ts'
import { readArguments, type SaidToolCall } from './answer-schema.ts'

interface Call {
  readonly id: string
  /** Of our own; undefined until the provider names the function. */
  index: number | undefined
  /** What came before the name. */
  held: string
}

/** Reads the calls of tools from the pieces of a stream. */
export interface ToolCallStream {
  readonly hasCalls: boolean
  push(piece: SaidToolCall, answerId: string | undefined): readonly ChatEvent[]
}

/**
 * Creates what tells which call a piece belongs to. By the API a piece says it by its index; but
 * some servers leave it out (https://github.com/openai/openai-python/issues/2806) or write 0 for
 * each, and some repeat the id in each piece. A new id beside a name begins a new call.
 */
export const createToolCallStream = (): ToolCallStream => {
  const byIndex = new Map<number, Call>()
  const byId = new Map<string, Call>()
  let last: Call | undefined
  let count = 0

  const find = ({ index, id, function: told }: SaidToolCall): Call | undefined => {
    const known = id ? byId.get(id) : undefined
    if (known || (id && told?.name)) return known
    if (typeof index === 'number') return byIndex.get(index)
    return told?.name ? undefined : last
  }

  const begin = ({ index, id }: SaidToolCall): Call => {
    const call: Call = { id: id ?? '', index: undefined, held: '' }
    if (id) byId.set(id, call)
    if (typeof index === 'number') byIndex.set(index, call)
    return call
  }

  return {
    get hasCalls() {
      return count > 0
    },
    push(piece, answerId) {
      const call = find(piece) ?? begin(piece)
      last = call
      const events: ChatEvent[] = []
      const name = piece.function?.name
      if (call.index === undefined && name) {
        call.index = count
        events.push({
          type: 'toolCall',
          index: count,
          id: call.id || createCallId(answerId ?? '', count),
          name,
        })
        count += 1
      }
      call.held += readArguments(piece.function?.arguments)
      if (call.index !== undefined && call.held !== '') {
        events.push({ type: 'toolArguments', index: call.index, json: call.held })
        call.held = ''
      }
      return events
    },
  }
}
