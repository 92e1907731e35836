import type { Log } from '#lib/telemetry/log.ts'

interface Exporter<Items> {
  export(items: Items, done: (result: { code: number; error?: Error }) => void): void
}

const SUCCESS = 0

const toCode = (error: Error | undefined): unknown =>
  error && 'code' in error ? error.code : undefined

/**
 * Logs that exports fail, and that they succeed again: one line each, however many fail between.
 * The message of an error may hold what the collector said, and is not told.
 */
export const watchExports = <Items, Watched extends Exporter<Items>>(
  exporter: Watched & Exporter<Items>,
  signal: 'spans' | 'metrics',
  log: Log,
): Watched => {
  const send = exporter.export.bind(exporter)
  let hasFailed = false
  exporter.export = (items, done) =>
    send(items, (result) => {
      const { code, error } = result
      if (code !== SUCCESS && !hasFailed) {
        log.warn({ signal, code: toCode(error) }, 'telemetry not exported')
      } else if (code === SUCCESS && hasFailed) {
        log.info({ signal }, 'telemetry exported again')
      }
      hasFailed = code !== SUCCESS
      done(result)
    })
  return exporter
}
