import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCuts } from '../../chat/testing/cuts.ts'
import { ResponsesStream } from './stream.ts'

const event = (data: Readonly<Record<string, unknown>>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const delta = (text: string) => event({ type: 'response.output_text.delta', delta: text })
const created = event({
  type: 'response.created',
  response: { status: 'in_progress', usage: null },
})
const usage = { input_tokens: 3, output_tokens: 2 }
const last = (type: string, response: object = { usage }) => event({ type, response })
const completed = last('response.completed')
const latin1 = (text: string) => Buffer.from(text).toString('latin1')

const run = (chunks: readonly string[]) => {
  const stream = new ResponsesStream()
  const passed = chunks.map((chunk) => stream.push(chunk)).join('') + stream.end()
  return { stream, passed }
}

const whole = latin1(`${created}: ping\n\n${delta('grüß')}${delta('"type":"error"')}${completed}`)

test.each([
  ['line feeds', whole],
  ['carriage returns', whole.replaceAll('\n', '\r\n')],
])('passes every byte on, wherever the chunks are cut: %s', (_what, whole) => {
  fc.assert(
    fc.property(anyCuts(whole), (chunks) => {
      const { stream, passed } = run(chunks)
      expect(passed).toBe(whole)
      expect(stream).toMatchObject({ isDone: true, isComplete: true, hasError: false })
      expect(stream.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
    }),
  )
})

test('holds back what is not a whole event yet', () => {
  const stream = new ResponsesStream()
  const text = delta('a')
  expect(stream.push(text + text.slice(0, 20))).toBe(text)
  expect(stream.push(text.slice(20))).toBe(text)
})

test.each([
  ['response.completed', { isDone: true, hasError: false }],
  ['response.incomplete', { isDone: true, hasError: false }],
  ['response.failed', { isDone: true, hasError: true }],
  ['response.in_progress', { isDone: false, hasError: false }],
])('knows the end: %s', (type, expected) => {
  const { stream } = run([created + last(type)])
  expect(stream).toMatchObject(expected)
  expect(stream.isComplete).toBe(expected.isDone)
})

test.each([
  ['as it is documented', event({ type: 'error', message: 'x', code: null })],
  ['as it is sent', event({ type: 'error', error: { message: 'x' } })],
  ['as other servers send it', 'data: {"error":{"message":"x"}}\n\n'],
])('notices an error within, %s', (_what, text) => {
  const { stream, passed } = run([created + text])
  expect(stream).toMatchObject({ hasError: true, isDone: false, isComplete: false })
  expect(passed).toBe(created + text)
})

test('is not misled by what stands deeper, or cannot be read', () => {
  const deep = event({
    type: 'response.output_item.done',
    item: { outputs: [{ type: 'error' }, { type: 'response.completed' }] },
  })
  const broken = 'data: {"type":"response.completed"\n\n'
  expect(run([deep + broken]).stream).toMatchObject({ isDone: false, hasError: false })
})

test('needs no names of events, and no usage', () => {
  const { stream } = run(['data: {"type": "response.completed", "response": null}\n\n'])
  expect(stream.isComplete).toBe(true)
  expect(stream.usage).toBeUndefined()
})

test('does not follow an event that does not end', () => {
  const stream = new ResponsesStream()
  expect(() => {
    for (let i = 0; i < 40; i += 1) stream.push('x'.repeat(1 << 20))
  }).toThrow(RangeError)
})
