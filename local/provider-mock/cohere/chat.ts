import { defineChat, type Said } from '../define-chat.ts'
import { DONE, type StreamEvent, type StreamReply, toTypedEvent } from '../dialect.ts'
import { sse } from '../sse.ts'
import { toFragments, toPieces } from '../text.ts'
import { type ChatRequest, chatRequest, toPrompt } from './request.ts'

const FINISH = { stop: 'COMPLETE', length: 'MAX_TOKENS', tool: 'TOOL_CALL' } as const

const toPlan = (name: string) => `I will use the ${name} tool.`

const toToolCall = (name: string, args: string, seed: string) => ({
  id: `${name}_${seed.slice(0, 12)}`,
  type: 'function',
  function: { name, arguments: args },
})

const toEnd = ({ finish, usage }: Said<ChatRequest>) => {
  const tokens = usage && { input_tokens: usage.input, output_tokens: usage.output }
  return { finish_reason: FINISH[finish], usage: tokens && { billed_units: tokens, tokens } }
}

const toDocument = (said: Said<ChatRequest>) => {
  const { text, call, seed } = said
  const message = call
    ? { tool_plan: toPlan(call.name), tool_calls: [toToolCall(call.name, call.json, seed)] }
    : { content: [{ type: 'text', text }] }
  return { id: seed, message: { role: 'assistant', ...message }, ...toEnd(said) }
}

const toDelta = (type: string, message: object): StreamEvent =>
  toTypedEvent(type, { index: 0, delta: { message } })

const toTextEvents = (text: string): StreamEvent[] => [
  toDelta('content-start', { content: { type: 'text', text: '' } }),
  ...toPieces(text).map((piece) => toDelta('content-delta', { content: { text: piece } })),
  toTypedEvent('content-end', { index: 0 }),
]

const toCallEvents = (name: string, json: string, seed: string): StreamEvent[] => [
  toTypedEvent('tool-plan-delta', { delta: { message: { tool_plan: toPlan(name) } } }),
  toDelta('tool-call-start', { tool_calls: toToolCall(name, '', seed) }),
  ...toFragments(json).map((args) =>
    toDelta('tool-call-delta', { tool_calls: { function: { arguments: args } } }),
  ),
  toTypedEvent('tool-call-end', { index: 0 }),
]

/** https://docs.cohere.com/v2/docs/streaming */
const toStream = (said: Said<ChatRequest>): StreamReply => {
  const { text, call, seed } = said
  const message = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] }
  const failure = { finish_reason: 'ERROR', error: 'internal server error' }
  return {
    framing: sse,
    events: [
      toTypedEvent('message-start', { id: seed, delta: { message } }),
      ...(call ? toCallEvents(call.name, call.json, seed) : toTextEvents(text)),
      toTypedEvent('message-end', { delta: toEnd(said) }),
      DONE,
    ],
    errorEvents: () => [toTypedEvent('message-end', { delta: failure }), DONE],
  }
}

/** POST /v2/chat */
export const chat = defineChat({
  schema: chatRequest,
  toPrompt,
  isStream: ({ stream }) => stream === true,
  toDocument,
  toStream,
})
