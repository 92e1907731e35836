import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from './log.ts'

/** The lines that `write` logs. */
const logged = (write: (log: ReturnType<typeof createLog>) => void, level?: string) => {
  const lines: Record<string, unknown>[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  write(createLog('test', level, destination))
  return lines
}

test('a line has a name, a message and its fields', () => {
  const [line] = logged((log) => log.info({ key: 'a' }, 'compiled'))
  expect(line).toMatchObject({ name: 'test', msg: 'compiled', key: 'a', level: 30 })
})

test('what is below the level is not written', () => {
  expect(logged((log) => log.info('a'), 'warn')).toEqual([])
})

test('an error is told with its cause, and nothing that looks like a secret', () => {
  const error = new Error('outer', { cause: new Error('inner') })
  const [line] = logged((log) =>
    log.warn(
      { err: error, token: 't', user: { password: 'p' }, headers: { authorization: 'b' } },
      'x',
    ),
  )
  expect(line).toMatchObject({ err: { message: 'outer: inner' } })
  expect(line).toMatchObject({
    token: '[Redacted]',
    user: { password: '[Redacted]' },
    headers: { authorization: '[Redacted]' },
  })
})
