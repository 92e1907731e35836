import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCuts } from '../../chat/testing/cuts.ts'
import { AnthropicStream } from './stream.ts'

const golden = (name: string) =>
  readFileSync(new URL(`goldens/stream-${name}.in.txt`, import.meta.url)).toString('latin1')

const event = (data: { readonly type: string; readonly [name: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const usageOf = (input_tokens: number, output_tokens: number) => ({ input_tokens, output_tokens })
const start = event({ type: 'message_start', message: { usage: usageOf(3, 1) } })
const delta = (text: string) =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const finish = event({
  type: 'message_delta',
  delta: { stop_reason: 'end_turn' },
  usage: { output_tokens: 2 },
})
const stop = event({ type: 'message_stop' })

const run = (chunks: readonly string[]) => {
  const stream = new AnthropicStream()
  const passed = chunks.map((chunk) => stream.push(chunk)).join('') + stream.end()
  return { stream, passed }
}

test.each(['text', 'crlf', 'tools', 'reasoning'])(
  'passes every byte on, wherever the chunks are cut: %s',
  (name) => {
    const whole = golden(name)
    fc.assert(
      fc.property(anyCuts(whole), (chunks) => {
        const { stream, passed } = run(chunks)
        expect(passed).toBe(whole)
        expect(stream.isDone).toBe(true)
        expect(stream.usage).toEqual(run([whole]).stream.usage)
      }),
    )
  },
)

test('tells what a stream has cost', () => {
  expect(run([golden('reasoning')]).stream.usage).toEqual({
    inputTokens: 235,
    cachedInputTokens: 200,
    cacheWriteInputTokens: 30,
    outputTokens: 90,
    reasoningTokens: 80,
  })
})

test('holds back what is not a whole event yet', () => {
  const stream = new AnthropicStream()
  expect(stream.push(`${delta('a')}event: pi`)).toBe(delta('a'))
  expect(stream.push('ng\ndata: {"type":"ping"}\n')).toBe('')
  expect(stream.push('\n')).toBe('event: ping\ndata: {"type":"ping"}\n\n')
})

test('what the last event says comes before what the first one said', () => {
  expect(run([start]).stream.usage).toEqual({ inputTokens: 3, outputTokens: 1 })
  expect(run([start, finish]).stream.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
})

test('a usage that makes no sense is none', () => {
  const wrong = event({ type: 'message_start', message: { usage: usageOf(-3, 1e99) } })
  expect(run([wrong, event({ type: 'message_delta', usage: 7 })]).stream.usage).toBeUndefined()
})

test('a stream that only lacks its end mark gets it', () => {
  const { stream, passed } = run([start + delta('a') + finish])
  expect(passed).toBe(start + delta('a') + finish + stop)
  expect(stream.isComplete).toBe(true)
})

test.each([
  ['without a reason to stop', start + delta('a')],
  ['whose usage comes before its reason', event({ type: 'message_delta', delta: {}, usage: {} })],
  ['whose reason is empty', event({ type: 'message_delta', delta: { stop_reason: '' } })],
])('a stream %s is not complete', (_what, text) => {
  const { stream, passed } = run([text])
  expect(stream.isComplete).toBe(false)
  expect(passed).toBe(text)
})

test('the end mark alone completes nothing', () => {
  const { stream, passed } = run([start + delta('a') + stop])
  expect(stream.isDone).toBe(true)
  expect(stream.isComplete).toBe(false)
  expect(passed).toBe(start + delta('a'))
})

test('notices an error within', () => {
  expect(run([golden('error')]).stream.hasError).toBe(true)
})

test.each([
  ['words', delta('"type":"error"}{"type":"message_stop"')],
  [
    'the input of a tool',
    event({ type: 'content_block_start', content_block: { input: { type: 'error' } } }),
  ],
  ['what cannot be read', 'data: {"type":"error"\n\n'],
])('is not misled by %s', (_what, text) => {
  const { stream, passed } = run([text])
  expect(passed).toBe(text)
  expect(stream.hasError).toBe(false)
  expect(stream.isDone).toBe(false)
})

test('passes pings and comments on', () => {
  const text = ': keep\n\nevent: ping\ndata: {"type": "ping"}\n\n'
  expect(run([text]).passed).toBe(text)
})

test('an event as large as a document passes', () => {
  const large = delta('x'.repeat(5 << 20))
  const chunks = Array.from({ length: 81 }, (_, i) => large.slice(i * 65_536, (i + 1) * 65_536))
  expect(run(chunks).passed).toBe(large)
})

test('does not follow an event that does not end', () => {
  const stream = new AnthropicStream()
  expect(() => {
    for (let i = 0; i < 40; i += 1) stream.push('x'.repeat(1 << 20))
  }).toThrow(RangeError)
})
