import { Agent, request } from 'undici'
import { z } from 'zod'

/** What a client of many streams is told, as JSON in its only argument. */
export const streamPlan = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** Streams at a time. */
  concurrency: z.int(),
  seconds: z.number(),
})

/** What it says, as JSON on stdout. */
export const streamReport = z.object({
  streams: z.int(),
  failed: z.int(),
  seconds: z.number(),
  /** Milliseconds until the first bytes of the body, of every stream. */
  firstMs: z.array(z.number()),
  /** Milliseconds between two pieces, as far as they came apart. */
  gapsMs: z.array(z.number()),
})

export type StreamPlan = z.infer<typeof streamPlan>
export type StreamReport = z.infer<typeof streamReport>

const MAX_GAPS = 20_000

const run = async (plan: StreamPlan): Promise<StreamReport> => {
  const { url, headers, body, concurrency, seconds } = plan
  const dispatcher = new Agent({ connections: concurrency, bodyTimeout: 0, headersTimeout: 0 })
  const firstMs: number[] = []
  const gapsMs: number[] = []
  let failed = 0
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000

  const readOne = async (): Promise<void> => {
    const sentAt = performance.now()
    const response = await request(url, { method: 'POST', dispatcher, headers, body })
    let last: number | undefined
    let end = ''
    for await (const chunk of response.body) {
      const now = performance.now()
      if (last === undefined) firstMs.push(now - sentAt)
      else if (gapsMs.length < MAX_GAPS) gapsMs.push(now - last)
      last = now
      end = (end + chunk).slice(-32)
    }
    if (response.statusCode !== 200 || !end.includes('[DONE]')) failed += 1
  }
  const work = async (): Promise<void> => {
    while (performance.now() < until) await readOne()
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const took = (performance.now() - startedAt) / 1000
  await dispatcher.destroy()
  return { streams: firstMs.length, failed, seconds: took, firstMs, gapsMs }
}

if (import.meta.main) {
  const plan = streamPlan.parse(JSON.parse(process.argv[2] ?? '{}'))
  process.stdout.write(JSON.stringify(await run(plan)))
}
