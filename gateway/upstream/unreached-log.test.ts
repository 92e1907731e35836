import { expect, test } from 'vitest'
import type { Log } from '#lib/telemetry/log.ts'
import { UpstreamFault } from './http1/error.ts'
import { createUnreachedLog } from './unreached-log.ts'

const start = () => {
  const lines: object[] = []
  const clock = { ms: 0 }
  const log = { warn: (line: object) => lines.push(line) } as unknown as Log
  return { lines, clock, tell: createUnreachedLog(log, () => clock.ms) }
}

const target = (port: number) => ({ protocol: 'http', host: '10.0.0.1', port }) as const
const fault = new UpstreamFault('connect_timeout', 'the connection took too long')

test('each target that is not reached is told of, with the reason', () => {
  const { lines, tell } = start()
  tell(target(1), fault)
  tell(target(2), fault)
  expect(lines).toMatchObject([
    { target: '10.0.0.1:1', code: 'connect_timeout' },
    { target: '10.0.0.1:2', code: 'connect_timeout' },
  ])
})

test('one that stays away is told of every ten seconds', () => {
  const { lines, clock, tell } = start()
  for (; clock.ms < 20_000; clock.ms += 100) tell(target(1), fault)
  expect(lines).toHaveLength(2)
})
