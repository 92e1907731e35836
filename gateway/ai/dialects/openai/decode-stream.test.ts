import { expect, test } from 'vitest'
import { createStreamDecoder } from './decode-stream.ts'

test.each([
  ['no JSON', 'data: {\n\n'],
  ['no object', 'data: 7\n\n'],
])('a chunk that is %s is no answer', (_what, text) => {
  expect(() => createStreamDecoder().push(text)).toThrow()
})

test('tells what was said as soon as it is', () => {
  const decoder = createStreamDecoder()
  const chunk = (content: string) =>
    `data: ${JSON.stringify({ id: 'a', choices: [{ delta: { content } }] })}\n\n`
  expect(decoder.push(chunk('x'))).toEqual([
    { type: 'start', id: 'a' },
    { type: 'text', text: 'x' },
  ])
  expect(decoder.push(chunk('y').slice(0, 9))).toEqual([])
  expect(decoder.push(chunk('y').slice(9))).toEqual([{ type: 'text', text: 'y' }])
})
