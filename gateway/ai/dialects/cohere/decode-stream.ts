import type { ChatEvent } from '../../chat/answer.ts'
import { readErrorMessage } from '../../chat/error-message.ts'
import { createSseDecoder } from '../../chat/sse-decoder.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { readOutcome } from './finish.ts'
import {
  anyEvent,
  callDeltaEvent,
  callStartEvent,
  contentEvent,
  endEvent,
  planEvent,
} from './stream-event.ts'
import { readUsage } from './usage.ts'

type Reader = (json: unknown) => ChatEvent[]

const readStart: Reader = (json) => {
  const { id } = anyEvent.parse(json)
  return [{ type: 'start', ...(id && { id }) }]
}

const readContent: Reader = (json) => {
  const { text, thinking } = contentEvent.parse(json).delta?.message?.content ?? {}
  return [
    ...(thinking ? [{ type: 'reasoning', text: thinking } as const] : []),
    ...(text ? [{ type: 'text', text } as const] : []),
  ]
}

const readPlan: Reader = (json) => {
  const plan = planEvent.parse(json).delta?.message?.tool_plan
  return plan ? [{ type: 'reasoning', text: plan }] : []
}

const readEnd = (json: unknown, hasCalls: boolean): ChatEvent[] => {
  const { finish_reason: reason, usage: told, error } = endEvent.parse(json).delta ?? {}
  const outcome = readOutcome(reason, hasCalls, error)
  const usage = readUsage(told)
  const usages: ChatEvent[] = usage ? [{ type: 'usage', usage }] : []
  // Behind an error nobody reads on.
  return outcome.type === 'error' ? [...usages, outcome] : [outcome, ...usages, { type: 'end' }]
}

const readError: Reader = (json) => {
  const message = readErrorMessage(json)
  return message === undefined ? [] : [{ type: 'error', message }]
}

/** Calls of tools come one after the other, each whole before the next. */
const createCallReaders = () => {
  let count = 0
  let hasArguments = false
  const toArguments = (json: string | null | undefined): ChatEvent[] => {
    if (!json || count === 0) return []
    hasArguments = true
    return [{ type: 'toolArguments', index: count - 1, json }]
  }
  const readCallStart: Reader = (json) => {
    const call = callStartEvent.parse(json).delta.message.tool_calls
    const { name } = call.function
    const index = count
    count += 1
    hasArguments = false
    return [{ type: 'toolCall', index, id: call.id, name }, ...toArguments(call.function.arguments)]
  }
  return {
    hasCalls: () => count > 0,
    readCallStart,
    readCallDelta: (json: unknown) =>
      toArguments(callDeltaEvent.parse(json).delta?.message?.tool_calls?.function?.arguments),
    // Of a tool without any, the arguments are nothing at all.
    readCallEnd: () => (hasArguments ? [] : toArguments('{}')),
  }
}

const createReaders = (): ReadonlyMap<string, Reader> => {
  const { hasCalls, readCallStart, readCallDelta, readCallEnd } = createCallReaders()
  return new Map<string, Reader>([
    ['message-start', readStart],
    ['content-start', readContent],
    ['content-delta', readContent],
    ['tool-plan-delta', readPlan],
    ['tool-call-start', readCallStart],
    ['tool-call-delta', readCallDelta],
    ['tool-call-end', readCallEnd],
    ['message-end', (json) => readEnd(json, hasCalls())],
    ['error', readError],
  ])
}

/** Some of the provider's servers send it behind `message-end`. */
const DONE = '[DONE]'

/** Reads a stream: https://docs.cohere.com/docs/streaming. What else it tells is left out. */
export const createStreamDecoder = (): StreamDecoder => {
  const readers = createReaders()
  let events: ChatEvent[] = []
  const sse = createSseDecoder(({ data }) => {
    if (data === DONE) return
    const json: unknown = JSON.parse(data)
    // Without a type it is an error, as it would be in an answer that is no stream.
    const read = readers.get(anyEvent.parse(json).type ?? 'error')
    for (const event of read?.(json) ?? []) events.push(event)
  })
  return {
    push: (chunk) => {
      events = []
      sse.push(chunk)
      return events
    },
  }
}
