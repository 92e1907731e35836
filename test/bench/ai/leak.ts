import { measureChat, measureIdle, measureStreams } from './measure.ts'
import type { RunningAiPeer } from './peers/peer.ts'

/** What a peer has resident after so many requests. */
export interface LeakSample {
  readonly requests: number
  readonly bytes: number
}

export interface LeakModels {
  /** Answers as a whole. */
  readonly chat: string
  /** Streams at once. */
  readonly burst: string
}

const CHAT_SECONDS = 8
const STREAM_SECONDS = 2
const STREAMS = 64

/** Sends so many requests, most for whole answers, and looks at the memory in between. */
export const measureLeak = async (
  peer: RunningAiPeer,
  { chat, burst }: LeakModels,
  requests: number,
): Promise<LeakSample[]> => {
  const samples: LeakSample[] = []
  let sent = 0
  while (sent < requests) {
    const whole = await measureChat(peer, chat, CHAT_SECONDS)
    const streams = { concurrency: STREAMS, seconds: STREAM_SECONDS }
    const streamed = await measureStreams(peer, burst, streams)
    sent += whole.requestsPerSecond * CHAT_SECONDS + streamed.streamsPerSecond * STREAM_SECONDS
    samples.push({ requests: Math.round(sent), bytes: measureIdle(peer) })
  }
  return samples
}

const MIB = 2 ** 20

/** One line for each sample. */
export const toLeakText = (samples: readonly LeakSample[]): string =>
  samples
    .map(({ requests, bytes }) => `${requests} requests: ${Math.round(bytes / MIB)} MiB resident`)
    .join('\n')
