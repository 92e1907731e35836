import type { Usage } from '../completion.ts'
import { defineChat, type Said } from '../define-chat.ts'
import { type StreamReply, toTypedEvent } from '../dialect.ts'
import { ProviderError } from '../provider-error.ts'
import { sse } from '../sse.ts'
import { toFragments, toPieces } from '../text.ts'
import { toErrorDocument } from './error.ts'
import { type MessagesRequest, messagesRequest, toPrompt } from './request.ts'

const STOP = { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' } as const

const toUsage = (usage: Usage | undefined, output_tokens = usage?.output) =>
  usage && {
    input_tokens: usage.input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens,
  }

const toMessage = ({ model, seed }: Said<MessagesRequest>) => ({
  id: `msg_${seed}`,
  type: 'message',
  role: 'assistant',
  model,
})

const toToolUse = (name: string, input: object, seed: string) => ({
  type: 'tool_use',
  id: `toolu_${seed}`,
  name,
  input,
})

const toDocument = (said: Said<MessagesRequest>) => {
  const { text, call, finish, usage, seed } = said
  return {
    ...toMessage(said),
    content: [call ? toToolUse(call.name, call.input, seed) : { type: 'text', text }],
    stop_reason: STOP[finish],
    stop_sequence: null,
    usage: usage && { ...toUsage(usage), service_tier: 'standard' },
  }
}

/** The first, empty state of the block, and what is then added to it. */
const toBlock = ({ text, call, seed }: Said<MessagesRequest>) => {
  const toJsonDelta = (partial_json: string) => ({ type: 'input_json_delta', partial_json })
  const toTextDelta = (piece: string) => ({ type: 'text_delta', text: piece })
  if (!call) return { start: { type: 'text', text: '' }, deltas: toPieces(text).map(toTextDelta) }
  const deltas = ['', ...toFragments(call.json)].map(toJsonDelta)
  return { start: toToolUse(call.name, {}, seed), deltas }
}

/** https://docs.claude.com/en/docs/build-with-claude/streaming */
const toStream = (said: Said<MessagesRequest>): StreamReply => {
  const { finish, usage, seed } = said
  const { start, deltas } = toBlock(said)
  const open = { content: [], stop_reason: null, stop_sequence: null }
  // Of the output only its first token is known then.
  const message = { ...toMessage(said), ...open, usage: toUsage(usage, 1) }
  const delta = { stop_reason: STOP[finish], stop_sequence: null }
  return {
    framing: sse,
    events: [
      toTypedEvent('message_start', { message }),
      toTypedEvent('content_block_start', { index: 0, content_block: start }),
      toTypedEvent('ping', {}),
      ...deltas.map((each) => toTypedEvent('content_block_delta', { index: 0, delta: each })),
      toTypedEvent('content_block_stop', { index: 0 }),
      toTypedEvent('message_delta', { delta, usage: toUsage(usage) }),
      toTypedEvent('message_stop', {}),
    ],
    errorEvents: () => [toTypedEvent('error', toErrorDocument(new ProviderError(529), seed))],
  }
}

/** POST /v1/messages */
export const messages = defineChat({
  schema: messagesRequest,
  toPrompt,
  isStream: ({ stream }) => stream === true,
  toDocument,
  toStream,
})
