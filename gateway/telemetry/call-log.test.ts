import { expect, test } from 'vitest'
import { createLog } from '#lib/telemetry/log.ts'
import { modelFragment } from '#test/fixtures/models.ts'
import type { CallRecord } from '../ai/call-record.ts'
import { createCallLog } from './call-log.ts'
import { toRecord, toTry } from './testing/call-records.ts'

const model = modelFragment({ namespace: 'shop', name: 'gpt', version: 'v3' })

const start = (level?: string) => {
  const lines: string[] = []
  const observe = createCallLog(
    createLog('test', level, { write: (line) => void lines.push(line) }),
  )
  const read = () =>
    lines.map((line) => {
      const { level: _level, time: _time, name: _name, ...rest } = JSON.parse(line)
      return rest
    })
  return { observe, read }
}

test('one line tells all there is of a call', () => {
  const { observe, read } = start()
  const findings = [
    { guardrail: 'pii', stage: 'Request', action: 'Mask', counts: { email: 2 } },
  ] as const
  const usage = { inputTokens: 100, outputTokens: 11, cachedInputTokens: 64 }
  const cause = 'rate_limited'
  const more = { cause, usage, findings, cost: 1250, cache: 'miss', firstMs: 250.4 } as const
  observe(
    toRecord({
      ...more,
      isStream: true,
      outcome: 'rate_limited',
      tries: [toTry(model, { status: 500 }), toTry(model, { status: 429 })],
    }),
  )
  expect(read()).toEqual([
    {
      msg: 'model called',
      requestId: 'req-1',
      target: 'shop/chat',
      model: 'shop/gpt',
      version: 'v3',
      consumer: 'alice',
      team: 'red',
      tenant: 'shop',
      operation: 'chat',
      stream: true,
      outcome: 'rate_limited',
      cause: 'rate_limited',
      tries: 2,
      providerStatus: 429,
      durationMs: 1502,
      firstTokenMs: 250,
      inputTokens: 100,
      outputTokens: 11,
      cachedInputTokens: 64,
      cost: 1250,
      cache: 'miss',
      findings,
    },
  ])
})

test('what is not known is not there', () => {
  const { observe, read } = start()
  observe(toRecord({ consumer: { name: 'bob' } }))
  expect(read()).toEqual([
    {
      msg: 'model called',
      requestId: 'req-1',
      target: 'shop/chat',
      consumer: 'bob',
      operation: 'chat',
      stream: false,
      outcome: 'ok',
      tries: 0,
      durationMs: 1502,
    },
  ])
})

test('costs nothing when nobody reads it', () => {
  const { observe, read } = start('warn')
  const unread = new Proxy({} as CallRecord, { get: () => expect.unreachable() })
  observe(unread)
  expect(read()).toEqual([])
})
