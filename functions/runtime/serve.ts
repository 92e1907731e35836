import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Log } from '#lib/telemetry/log.ts'

/** A function that can be served: its app, and what to start and stop around it. */
export interface RunningApp {
  readonly app: Hono
  /** Work that goes on beside requests, such as the first resync. */
  start(): void
  stop(): Promise<void>
}

/** Serves until SIGTERM, then ends what is under way and exits. */
export const serveFunction = ({ app, start, stop }: RunningApp, port: number, log: Log): void => {
  const server = serve({ fetch: app.fetch, port, overrideGlobalObjects: false })
  start()
  log.info({ port }, 'listening')
  const shutdown = (): void => {
    log.info('stopping')
    server.close(() => void stop().then(() => process.exit(0)))
  }
  process.once('SIGTERM', shutdown)
  process.once('SIGINT', shutdown)
}
