import type { Completion } from '../completion.ts'
import { defineChat, type Said } from '../define-chat.ts'
import { type StreamEvent, type StreamReply, toEvent } from '../dialect.ts'
import { toFragments, toPieces } from '../text.ts'
import { eventStream } from './event-stream.ts'
import { type ConverseRequest, converseRequest, toPrompt } from './request.ts'

const STOP = { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' } as const
/** The real one measures; this one has to say the same every time. */
const METRICS = { latencyMs: 1 }
/** AWS pads every event, to hide how long its text is. */
const PADDING = 'abcdefghijkl'
const FAILURE = {
  message: 'Model Stream Error',
  originalStatusCode: 500,
  originalMessage: 'The model stream failed.',
}

const toToolUse = (name: string, seed: string) => ({ toolUseId: `tooluse_${seed}`, name })

const toUsage = ({ usage }: Completion) =>
  usage && {
    inputTokens: usage.input,
    outputTokens: usage.output,
    totalTokens: usage.input + usage.output,
  }

const toDocument = (said: Said<ConverseRequest>) => {
  const { text, call, finish, seed } = said
  const toolUse = call && { ...toToolUse(call.name, seed), input: call.input }
  return {
    metrics: METRICS,
    output: { message: { content: [toolUse ? { toolUse } : { text }], role: 'assistant' } },
    stopReason: STOP[finish],
    usage: toUsage(said),
  }
}

const toNamed = (name: string, data: object): StreamEvent => ({
  name,
  ...toEvent({ ...data, p: PADDING }),
})

/** A block of text begins with its first delta; only a call has a start before it. */
const toBlockEvents = ({ text, call, seed }: Said<ConverseRequest>): StreamEvent[] => {
  const block = { contentBlockIndex: 0 }
  const toDelta = (delta: object) => toNamed('contentBlockDelta', { ...block, delta })
  const stop = toNamed('contentBlockStop', block)
  if (!call) return [...toPieces(text).map((piece) => toDelta({ text: piece })), stop]
  const start = { toolUse: toToolUse(call.name, seed) }
  return [
    toNamed('contentBlockStart', { ...block, start }),
    ...toFragments(call.json).map((input) => toDelta({ toolUse: { input } })),
    stop,
  ]
}

const toStream = (said: Said<ConverseRequest>): StreamReply => ({
  framing: eventStream,
  events: [
    toNamed('messageStart', { role: 'assistant' }),
    ...toBlockEvents(said),
    toNamed('messageStop', { stopReason: STOP[said.finish] }),
    toNamed('metadata', { metrics: METRICS, usage: toUsage(said) }),
  ],
  errorEvents: () => [
    { name: 'modelStreamErrorException', ...toEvent(FAILURE), isException: true },
  ],
})

const defineConverse = (isStream: boolean) =>
  defineChat({ schema: converseRequest, toPrompt, isStream: () => isStream, toDocument, toStream })

/** POST /model/{id}/converse */
export const converse = defineConverse(false)

/** POST /model/{id}/converse-stream */
export const converseStream = defineConverse(true)
