import { expect, test } from 'vitest'
import type { Message } from '../../chat/request.ts'
import { encodeMessages } from './encode-messages.ts'

const encodeIds = (id: string): string[] => {
  const messages: Message[] = [
    { role: 'user', parts: [{ type: 'text', text: 'Open it.' }] },
    { role: 'assistant', parts: [{ type: 'toolCall', id, name: 'open_gate', arguments: '' }] },
    { role: 'tool', results: [{ callId: id, parts: [] }] },
  ]
  const blocks = encodeMessages(messages).flatMap(({ content }) => content)
  return blocks.flatMap(({ id, tool_use_id: used }) => [id, used]).filter(Boolean) as string[]
}

test.each(['functions.open_gate:0', 'x'.repeat(65), ''])(
  'an id of a call that is not allowed is replaced by the same one: %j',
  (id) => {
    const [called, used, ...more] = encodeIds(id)
    expect(called).toMatch(/^call_[0-9a-f]{32}$/)
    expect(used).toBe(called)
    expect(more).toEqual([])
  },
)

test('an id of a call that is allowed stays', () => {
  expect(encodeIds('toolu_01-A')).toEqual(['toolu_01-A', 'toolu_01-A'])
})
