import { expect, test } from 'vitest'
import type { AssistantPart } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { encodeAssistantParts } from './assistant-parts.ts'

const call = (id: string, args = '{}'): AssistantPart => ({
  type: 'toolCall',
  id,
  name: 'open_gate',
  arguments: args,
})
const toolCall = (id: string) => ({ functionCall: { id, name: 'open_gate', args: {} } })
const signed = (signature: string, text = ''): AssistantPart => ({
  type: 'reasoning',
  text,
  signature,
})
const said: AssistantPart = { type: 'text', text: 'Done.' }
const lost = { thoughtSignature: 'skip_thought_signature_validator' }

test.each<[string, readonly AssistantPart[], readonly object[]]>([
  [
    'the call behind it',
    [signed('s1'), call('a'), call('b')],
    [{ ...toolCall('a'), thoughtSignature: 's1' }, toolCall('b')],
  ],
  ['the text behind it', [signed('s1'), said], [{ text: 'Done.', thoughtSignature: 's1' }]],
  [
    'the part behind the thought',
    [signed('s1', 'Hm.'), said],
    [
      { text: 'Hm.', thought: true },
      { text: 'Done.', thoughtSignature: 's1' },
    ],
  ],
  [
    'an empty text at the end',
    [said, signed('s1')],
    [{ text: 'Done.' }, { text: '', thoughtSignature: 's1' }],
  ],
  [
    'an empty text before another signature',
    [signed('s1'), signed('s2'), said],
    [
      { text: '', thoughtSignature: 's1' },
      { text: 'Done.', thoughtSignature: 's2' },
    ],
  ],
])('puts a signature on %s', (_what, parts, expected) => {
  expect(encodeAssistantParts(parts, true)).toEqual(expected)
})

test('stands in for a signature that is lost, on the first call alone', () => {
  const parts = [said, call('a'), call('b')]
  expect(encodeAssistantParts(parts, true)).toEqual([
    { text: 'Done.' },
    { ...toolCall('a'), ...lost },
    toolCall('b'),
  ])
})

test('adds no signature for models that want none', () => {
  expect(encodeAssistantParts([call('a')], false)).toEqual([toolCall('a')])
})

test('leaves out empty texts and what another provider hid', () => {
  const parts: AssistantPart[] = [
    { type: 'reasoning', text: '', redacted: 'aGlkZGVu' },
    { type: 'text', text: '' },
    { type: 'refusal', text: 'I will not.' },
  ]
  expect(encodeAssistantParts(parts, true)).toEqual([{ text: 'I will not.' }])
})

test('takes arguments that are empty as none', () => {
  expect(encodeAssistantParts([call('a', '')], true)).toEqual([{ ...toolCall('a'), ...lost }])
})

test.each(['[]', '1', 'null', '{"gate":', '"x"'])('refuses %s as arguments', (args) => {
  const encode = () => encodeAssistantParts([call('a', args)], true)
  expect(encode).toThrow(RequestFault)
  expect(encode).toThrow(
    "The arguments of the tool call 'a' are not a JSON object of at most 256 levels.",
  )
})
