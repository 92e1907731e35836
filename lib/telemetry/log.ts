import { type Logger, pino } from 'pino'

export type Log = Logger

/** Names under which a secret could reach a log line. */
const REDACT = ['authorization', 'token', 'password', '*.authorization', '*.token', '*.password']

/** JSON lines on standard output; errors are logged by message and code, never with bodies. */
export const createLog = (name: string, level = 'info'): Log =>
  pino({ name, level, base: { name }, redact: REDACT })
