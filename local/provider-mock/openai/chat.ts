import type { Completion } from '../completion.ts'
import { defineChat, type Said } from '../define-chat.ts'
import { CREATED, DONE, type StreamReply, toEvent } from '../dialect.ts'
import { sse } from '../sse.ts'
import { toFragments, toPieces } from '../text.ts'
import { type ChatRequest, chatRequest, toPrompt } from './chat-request.ts'
import { STREAM_ERROR } from './error.ts'

const FINISH = { stop: 'stop', length: 'length', tool: 'tool_calls' } as const

const toHead = ({ model, seed }: Said<ChatRequest>) => ({
  id: `chatcmpl-${seed}`,
  created: CREATED,
  model,
  service_tier: 'default',
  system_fingerprint: 'fp_mock',
})

const toUsage = ({ usage }: Completion) =>
  usage && {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }

const toToolCall = (name: string, args: string, seed: string) => ({
  id: `call_${seed}`,
  type: 'function',
  function: { name, arguments: args },
})

const toDocument = (said: Said<ChatRequest>) => {
  const { text, call, finish, seed } = said
  const told = call
    ? { content: null, tool_calls: [toToolCall(call.name, call.json, seed)] }
    : { content: text }
  const message = { role: 'assistant', ...told, refusal: null, annotations: [] }
  return {
    ...toHead(said),
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: FINISH[finish] }],
    usage: toUsage(said),
  }
}

const toDeltas = ({ text, call, seed }: Said<ChatRequest>): object[] => {
  if (!call) return toPieces(text).map((content) => ({ content }))
  return [
    { tool_calls: [{ index: 0, ...toToolCall(call.name, '', seed) }] },
    ...toFragments(call.json).map((args) => ({
      tool_calls: [{ index: 0, function: { arguments: args } }],
    })),
  ]
}

const toStream = (said: Said<ChatRequest>): StreamReply => {
  const head = { ...toHead(said), object: 'chat.completion.chunk' }
  const usage = toUsage(said)
  const isUsageAsked = said.request.stream_options?.include_usage === true
  // When usage is asked for, every chunk has the field, and only the last one a value.
  const tail = isUsageAsked ? { usage: null } : {}
  const toChunk = (delta: object, finish_reason: string | null = null) =>
    toEvent({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...tail })
  return {
    framing: sse,
    events: [
      toChunk({ role: 'assistant', content: said.call ? null : '', refusal: null }),
      ...toDeltas(said).map((delta) => toChunk(delta)),
      toChunk({}, FINISH[said.finish]),
      ...(isUsageAsked && usage ? [toEvent({ ...head, choices: [], usage })] : []),
      DONE,
    ],
    errorEvents: () => [toEvent({ error: STREAM_ERROR })],
  }
}

/** POST /v1/chat/completions */
export const chat = defineChat({
  schema: chatRequest,
  toPrompt,
  isStream: ({ stream }) => stream === true,
  toDocument,
  toStream,
})
