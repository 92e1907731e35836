import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ChatAnswer, ChatEvent, Finish } from '../chat/answer.ts'
import { toEvents } from '../chat/answer-events.ts'
import type { AssistantPart } from '../chat/request.ts'
import { createKeepingFilter, isKeepable } from './keeping-filter.ts'
import { toAnswer } from './testing/calls.ts'

const pass = (events: readonly ChatEvent[]) => {
  const kept: ChatAnswer[] = []
  const filter = createKeepingFilter((answer) => kept.push(answer))
  for (const event of events) {
    const passed = filter.push(event)
    expect(passed).toHaveLength(1)
    expect(passed[0]).toBe(event)
  }
  return kept
}

const folder = new URL('../chat/goldens/streams/', import.meta.url)

test.each(readdirSync(folder))('each event passes at once, and the answer is told: %s', (file) => {
  const events: ChatEvent[] = parse(readFileSync(new URL(file, folder), 'utf8'))
  const [answer, ...others] = pass(events)
  expect(others).toEqual([])
  expect(pass(answer ? toEvents(answer) : [])).toEqual([answer])
  // Until its end mark, it could still fail.
  expect(pass(events.slice(0, -1))).toEqual([])
})

const EVENTS = toEvents(toAnswer('Yes.'))

test.each<[string, ChatEvent[]]>([
  ['was cut', [{ type: 'start' }, { type: 'text', text: 'Ye' }, { type: 'end' }]],
  [
    'failed',
    [
      { type: 'text', text: 'Ye' },
      { type: 'error', message: 'overloaded' },
    ],
  ],
  ['failed, and then ended', [{ type: 'error', message: 'overloaded' }, ...EVENTS]],
  ['said nothing', []],
])('a stream that %s tells of no answer', (_what, events) => {
  expect(pass(events)).toEqual([])
})

test('a stream with several ends tells of one answer', () => {
  expect(pass([...EVENTS, { type: 'end' }])).toEqual([toAnswer('Yes.')])
})

const call: AssistantPart = { type: 'toolCall', id: 'c1', name: 'open', arguments: '{}' }
const text: AssistantPart = { type: 'text', text: 'Yes.' }

test.each<[boolean, Finish, AssistantPart[]]>([
  [true, 'stop', [text]],
  [true, 'toolCalls', [text, call]],
  [true, 'stop', [{ type: 'reasoning', text: 'Hm.' }, text]],
  [false, 'length', [text]],
  [false, 'contentFilter', [text]],
  [false, 'stop', [text, { type: 'refusal', text: 'No.' }]],
  [false, 'stop', []],
  [false, 'stop', [{ type: 'text', text: '' }]],
  [false, 'stop', [{ type: 'reasoning', text: 'Hm.' }]],
])('it is %j that one is kept with %s and %j', (expected, finish, parts) => {
  expect(isKeepable({ finish, parts })).toBe(expected)
})
