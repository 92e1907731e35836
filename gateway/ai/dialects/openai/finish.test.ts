import { expect, test } from 'vitest'
import type { Finish } from '../../chat/answer.ts'
import { readFinish } from './finish.ts'

const nothing = { hasToolCalls: false, hasRefusal: false }
const calls = { hasToolCalls: true, hasRefusal: false }
const refusal = { hasToolCalls: false, hasRefusal: true }

test.each<[string | undefined, typeof nothing, Finish | undefined]>([
  ['stop', nothing, 'stop'],
  [undefined, nothing, 'stop'],
  ['eos', nothing, 'stop'],
  ['stop', calls, 'toolCalls'],
  ['stop', refusal, 'contentFilter'],
  ['length', calls, 'length'],
  ['model_length', nothing, 'length'],
  ['tool_calls', nothing, 'toolCalls'],
  ['content_filter', calls, 'contentFilter'],
  ['content_filter: RECITATION', nothing, 'contentFilter'],
  ['SAFETY', nothing, 'contentFilter'],
  ['sensitive', nothing, 'contentFilter'],
  ['error', nothing, undefined],
  ['insufficient_system_resource', nothing, undefined],
  ['constructor', nothing, 'stop'],
])('reads %j', (reason, said, expected) => {
  expect(readFinish(reason, said)).toBe(expected)
})
