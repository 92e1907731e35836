import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Script } from './script.ts'

const PIECE_BYTES = 7
const NOTHING = Buffer.alloc(0)

/** Plays a script up to its end. Whether a `cut` then breaks the connection is the caller's part. */
export const play = async (response: ServerResponse, script: Script): Promise<void> => {
  if (script.latencyMs > 0) await pause(script.latencyMs)
  if (response.destroyed || script.status === undefined) return
  response.writeHead(script.status, script.headers)
  if (script.ending === 'end' && script.paceMs === 0 && !script.isSplit) {
    writeAtOnce(response, script.chunks)
    return
  }
  await writeBit(response, NOTHING)
  await writeSlowly(response, script)
  if (script.ending === 'end' && !response.destroyed) response.end()
}

/** All chunks are in memory already, so there is nothing to gain from waiting for the client. */
const writeAtOnce = (response: ServerResponse, chunks: readonly Buffer[]): void => {
  const last = chunks.length - 1
  for (let index = 0; index < last; index += 1) response.write(chunks[index])
  response.end(chunks[last])
}

const writeSlowly = async (response: ServerResponse, script: Script): Promise<void> => {
  for (const [index, chunk] of script.chunks.entries()) {
    if (index > 0 && script.paceMs > 0) await pause(script.paceMs)
    for (const piece of script.isSplit ? split(chunk) : [chunk]) {
      if (response.destroyed) return
      await writeBit(response, piece)
    }
  }
}

/** Writes and waits until it is with the operating system: a packet of its own. */
const writeBit = (response: ServerResponse, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    response.write(bytes, () => resolve())
  })

const split = (chunk: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(chunk.length / PIECE_BYTES) }, (_, index) =>
    chunk.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  )

/** A pause must not keep the process from ending. */
const pause = (ms: number): Promise<void> => delay(ms, undefined, { ref: false })
