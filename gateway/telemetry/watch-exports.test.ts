import { expect, test } from 'vitest'
import { createLog } from '#lib/telemetry/log.ts'
import { watchExports } from './watch-exports.ts'

interface Result {
  readonly code: number
  readonly error?: Error
}

const ok: Result = { code: 0 }
const failed: Result = {
  code: 1,
  error: Object.assign(new Error('what the collector said'), { code: 503 }),
}

const start = (results: readonly Result[]) => {
  const lines: string[] = []
  const log = createLog('test', 'info', { write: (line) => void lines.push(line) })
  const left = [...results]
  const exporter = {
    export: (_items: string[], done: (result: Result) => void) => done(left.shift() ?? ok),
  }
  const told: Result[] = []
  const watched = watchExports(exporter, 'spans', log)
  for (const _ of results) watched.export(['a'], (result) => void told.push(result))
  return { lines, told }
}

test('tells once that exports fail, and once that they succeed again', () => {
  const { lines, told } = start([ok, failed, failed, failed, ok, ok, failed])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, msg: 'telemetry not exported', signal: 'spans', code: 503 },
    { level: 30, msg: 'telemetry exported again', signal: 'spans' },
    { level: 40, msg: 'telemetry not exported' },
  ])
  expect(lines.join()).not.toContain('what the collector said')
  expect(told).toEqual([ok, failed, failed, failed, ok, ok, failed])
})

test('says nothing while all goes well', () => {
  expect(start([ok, ok]).lines).toEqual([])
})
