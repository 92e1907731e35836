import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/** Names under which a secret could reach a log line. */
const REDACT = ['authorization', 'token', 'password', '*.authorization', '*.token', '*.password']

/**
 * JSON lines; errors are logged by message and code, never with bodies.
 * @param destination standard output unless it is given
 */
export const createLog = (
  name: string,
  level = 'info',
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Log => pino({ name, level, base: { name }, redact: REDACT }, destination)
