import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCuts } from '../../chat/testing/cuts.ts'
import { OpenAiStream } from './stream.ts'

const event = (data: object | string): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
const delta = (content: string) => event({ choices: [{ delta: { content }, finish_reason: null }] })
const finish = event({ choices: [{ delta: {}, finish_reason: 'stop' }] })
const usage = event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })
const done = event('[DONE]')
const latin1 = (text: string) => Buffer.from(text).toString('latin1')

const run = (chunks: readonly string[], hidesUsage = false, choices = 1) => {
  const stream = new OpenAiStream({ hidesUsage, choices })
  const passed = chunks.map((chunk) => stream.push(chunk)).join('') + stream.end()
  return { stream, passed }
}

const whole = latin1(delta('grüß') + delta('"usage":{"error":"x"}') + finish + usage + done)

test.each([
  ['line feeds', whole],
  ['carriage returns', whole.replaceAll('\n', '\r\n')],
])('passes every byte on, wherever the chunks are cut: %s', (_what, whole) => {
  fc.assert(
    fc.property(anyCuts(whole), (chunks) => {
      const { stream, passed } = run(chunks)
      expect(passed).toBe(whole)
      expect(stream.isComplete).toBe(true)
      expect(stream.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
    }),
  )
})

test('holds back what is not a whole event yet', () => {
  const stream = new OpenAiStream({ hidesUsage: false, choices: 1 })
  expect(stream.push(`${delta('a')}data: {"cho`)).toBe(delta('a'))
  expect(stream.push('ices":[]}\n')).toBe('')
  expect(stream.push('\n')).toBe('data: {"choices":[]}\n\n')
})

test('takes the usage that nobody asked for out again, and nothing else', () => {
  const { stream, passed } = run([whole], true)
  expect(passed).toBe(whole.replace(usage, ''))
  expect(stream.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
})

test('leaves the usage that comes with the last words', () => {
  const last = event({
    choices: [{ delta: {}, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 7 },
  })
  const { stream, passed } = run([delta('a') + last + done], true)
  expect(passed).toBe(delta('a') + last + done)
  expect(stream.usage).toEqual({ inputTokens: 5, outputTokens: 7 })
})

test('the last of several usages counts', () => {
  const first = usage.replace('3', '1')
  expect(run([first, usage]).stream.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
})

test('understands spaces, carriage returns and several lines of data', () => {
  const text =
    'data: {"choices": [{"finish_reason": "stop"}],\r\ndata: "usage": {"prompt_tokens": 1}}\r\n\r\n'
  const { stream } = run([text])
  expect(stream.isComplete).toBe(true)
  expect(stream.usage).toEqual({ inputTokens: 1, outputTokens: 0 })
})

test('finds the usage where Groq puts it', () => {
  const groq = event({ x_groq: { usage: { prompt_tokens: 4, completion_tokens: 1 } }, choices: [] })
  expect(run([delta('a') + groq]).stream.usage).toEqual({ inputTokens: 4, outputTokens: 1 })
})

test('passes comments and chunks without choices on', () => {
  const filtered = event({ choices: [], prompt_filter_results: [] })
  const text = `: OPENROUTER PROCESSING\n\n${filtered}${delta('a')}`
  expect(run([text], true).passed).toBe(text)
})

test('a stream that only lacks its end mark gets it', () => {
  expect(run([delta('a') + finish]).passed).toBe(delta('a') + finish + done)
})

test('a stream without a reason to finish is not complete', () => {
  const { stream, passed } = run([delta('a')])
  expect(stream.isComplete).toBe(false)
  expect(passed).toBe(delta('a'))
})

test('the end mark alone completes nothing', () => {
  const { stream, passed } = run([delta('a') + done])
  expect(passed).toBe(delta('a'))
  expect(stream.isDone).toBe(true)
  expect(stream.isComplete).toBe(false)
})

test('of several answers, one that finishes does not complete the others', () => {
  expect(run([delta('a') + finish], false, 2).stream.isComplete).toBe(false)
  expect(run([delta('a') + finish + done], false, 2).stream.isComplete).toBe(true)
  expect(run([delta('a') + done], false, 2).stream.isComplete).toBe(false)
})

test('an empty reason is none', () => {
  const empty = event({ choices: [{ delta: { content: 'a' }, finish_reason: '' }] })
  expect(run([empty]).stream.isComplete).toBe(false)
})

test('reads the data of an event that has other fields', () => {
  expect(run([`event: error\n${event({ error: { message: 'x' } })}`]).stream.hasError).toBe(true)
  const { stream, passed } = run([`: ping\nid: 7\n${usage}`], true)
  expect(stream.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
  expect(passed).toBe('')
})

test('an event as large as an image passes', () => {
  const image = delta('x'.repeat(5 << 20))
  const chunks = Array.from({ length: 81 }, (_, i) => image.slice(i * 65_536, (i + 1) * 65_536))
  expect(run(chunks).passed).toBe(image)
})

test('a usage that makes no sense is none', () => {
  const wrong = event({ choices: [], usage: { prompt_tokens: -3, completion_tokens: 1e99 } })
  expect(run([wrong]).stream.usage).toBeUndefined()
})

test('notices an error within', () => {
  expect(run([event({ error: { message: 'overloaded' } })]).stream.hasError).toBe(true)
  expect(run([delta('"error":{')]).stream.hasError).toBe(false)
})

test('does not follow an event that does not end', () => {
  const stream = new OpenAiStream({ hidesUsage: false, choices: 1 })
  expect(() => {
    for (let i = 0; i < 40; i += 1) stream.push('x'.repeat(1 << 20))
  }).toThrow(RangeError)
})
