import type { JsonReply, Reply, StreamReply } from './dialect.ts'
import type { Steering } from './steering.ts'

/** An answer as it will be played, with everything decided and encoded. */
export interface Script {
  readonly latencyMs: number
  /** Undefined: never a head. */
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | number>>
  readonly chunks: readonly Buffer[]
  readonly paceMs: number
  readonly isSplit: boolean
  readonly ending: 'end' | 'hang' | 'cut'
}

/** Brings a reply and the steering of its request together. */
export const toScript = (
  reply: Reply,
  steering: Steering,
  headers: Readonly<Record<string, string>>,
): Script => {
  const base = {
    latencyMs: steering.latency ?? 0,
    paceMs: steering.pace ?? 0,
    isSplit: steering.split ?? false,
    ending: toEnding(steering),
    headers: {},
  }
  if (steering.hang === 'head') return { ...base, status: undefined, chunks: [] }
  const script = 'events' in reply ? streamPart(reply, steering) : jsonPart(reply, steering)
  return { ...base, ...script, headers: { ...script.headers, ...headers } }
}

const toEnding = ({ hang, cut }: Steering): Script['ending'] => {
  if (hang !== undefined) return 'hang'
  return cut === undefined ? 'end' : 'cut'
}

const jsonPart = (reply: JsonReply, { malformed, hang, cut }: Steering) => {
  const text = JSON.stringify(reply.json)
  const body = Buffer.from(malformed ? text.slice(0, -2) : text)
  const isWhole = hang === undefined && cut === undefined
  const sent = body.subarray(0, isWhole ? undefined : body.length >> 1)
  return {
    status: reply.status,
    headers: {
      'content-type': 'application/json',
      'content-length': body.length,
      ...reply.headers,
    },
    chunks: hang === 0 ? [] : [sent],
  }
}

const streamPart = (reply: StreamReply, steering: Steering) => {
  const { framing, events } = reply
  const { hang, cut, 'error-event': failAt } = steering
  const broken = Math.min(1, events.length - 1)
  const told = events
    .map((event, index) =>
      steering.malformed && index === broken
        ? { ...event, text: event.text.slice(0, event.text.length >> 1) }
        : event,
    )
    .slice(0, failAt)
  const failed = failAt === undefined ? [] : reply.errorEvents(told.length)
  const chunks = framing.encode([...told, ...failed])
  const end = typeof hang === 'number' ? hang : cut
  return {
    status: 200,
    headers: { 'content-type': framing.contentType, 'cache-control': 'no-cache' },
    chunks: chunks.slice(0, end),
  }
}
