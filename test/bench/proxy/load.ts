import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)

/** What a script of wrk says at its end. */
export const loadReport = z.object({
  requests: z.int(),
  durationUs: z.number(),
  p50Us: z.number(),
  p99Us: z.number(),
  /** Connections, reads and writes that failed, timeouts, and answers other than 2xx and 3xx. */
  failed: z.int(),
})

export type LoadReport = z.infer<typeof loadReport>

/** One kind of request, spread over so many routes. */
export interface Load {
  readonly method: 'GET' | 'POST'
  readonly routes: number
  /** Empty for none. */
  readonly body: string
}

const SCRIPT = join(import.meta.dirname, 'load.lua')
const CONNECTIONS = 64

/**
 * Loads a port with wrk: one thread, 64 connections, each with one request at a time.
 * @param core where wrk runs
 */
export const applyLoad = async (
  load: Load,
  target: { readonly port: number; readonly core: number; readonly seconds: number },
): Promise<LoadReport> => {
  const { stdout } = await run('taskset', [
    ...['-c', String(target.core), 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${target.seconds}s`],
    ...['-s', SCRIPT, `http://127.0.0.1:${target.port}/`, '--'],
    ...[load.method, String(load.routes), load.body],
  ])
  return loadReport.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
}
