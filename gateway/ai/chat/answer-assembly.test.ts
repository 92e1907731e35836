import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ChatAnswer, ChatEvent } from './answer.ts'
import { createAnswerAssembly } from './answer-assembly.ts'
import { toEvents } from './answer-events.ts'

const assemble = (events: readonly ChatEvent[]): ChatAnswer | undefined => {
  const assembly = createAnswerAssembly()
  for (const event of events) assembly.push(event)
  return assembly.toAnswer()
}

const readAll = <Shape>(kind: string): [string, Shape][] => {
  const folder = new URL(`goldens/${kind}/`, import.meta.url)
  return readdirSync(folder).map((name) => [
    name,
    parse(readFileSync(new URL(name, folder), 'utf8')) as Shape,
  ])
}

test.each(readAll<ChatAnswer>('answers'))('an answer as a stream makes itself: %s', (_, answer) => {
  expect(assemble(toEvents(answer))).toEqual(answer)
})

test.each(readAll<ChatEvent[]>('streams'))('the answer of a stream streams it: %s', (_, events) => {
  const answer = assemble(events)
  expect(answer).toBeDefined()
  expect(answer && assemble(toEvents(answer))).toEqual(answer)
})

test('joins the pieces of each part, and of calls side by side', () => {
  const answer = assemble([
    { type: 'start', id: 'a', model: 'm' },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 0 } },
    { type: 'reasoning', text: 'Let ' },
    { type: 'reasoning', text: 'me.' },
    { type: 'reasoningSignature', signature: 's' },
    { type: 'reasoning', text: 'More.' },
    { type: 'redactedReasoning', redacted: 'r' },
    { type: 'reasoningSignature', signature: 'alone' },
    { type: 'text', text: 'I ' },
    { type: 'text', text: 'will.' },
    { type: 'toolCall', index: 0, id: 'c0', name: 'a' },
    { type: 'toolCall', index: 1, id: 'c1', name: 'b' },
    { type: 'toolArguments', index: 1, json: '{"x"' },
    { type: 'toolArguments', index: 7, json: 'of no call' },
    { type: 'toolArguments', index: 1, json: ':1}' },
    { type: 'text', text: 'Done.' },
    { type: 'finish', finish: 'stop', stopSequence: 'END' },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
    { type: 'end' },
  ])
  expect(answer).toEqual({
    id: 'a',
    model: 'm',
    parts: [
      { type: 'reasoning', text: 'Let me.', signature: 's' },
      { type: 'reasoning', text: 'More.' },
      { type: 'reasoning', text: '', redacted: 'r' },
      { type: 'reasoning', text: '', signature: 'alone' },
      { type: 'text', text: 'I will.' },
      { type: 'toolCall', id: 'c0', name: 'a', arguments: '{}' },
      { type: 'toolCall', id: 'c1', name: 'b', arguments: '{"x":1}' },
      { type: 'text', text: 'Done.' },
    ],
    finish: 'stop',
    stopSequence: 'END',
    usage: { inputTokens: 1, outputTokens: 2 },
  })
})

test.each<[string, ChatEvent[]]>([
  ['has no finish', [{ type: 'text', text: 'a' }, { type: 'end' }]],
  [
    'failed',
    [
      { type: 'finish', finish: 'stop' },
      { type: 'error', message: 'overloaded' },
    ],
  ],
])('a stream that %s makes no answer', (_what, events) => {
  expect(assemble([{ type: 'start' }, ...events])).toBeUndefined()
})
