import { expect, test } from 'vitest'
import type { ChatRequest } from '../../chat/request.ts'
import { decodeAnswer } from './decode-answer.ts'
import { encodeRequest } from './encode-request.ts'
import { geminiProvider } from './provider-dialect.ts'

const toAnswer = (parts: readonly object[], finishReason = 'STOP') => ({
  candidates: [{ content: { role: 'model', parts }, finishReason }],
})

test.each<[string, unknown, string]>([
  ['nothing', null, 'expected object'],
  ['text', 'hello', 'expected object'],
  ['no candidates', { candidates: [] }, 'the answer has no candidate'],
  ['an answer that goes on', { candidates: [{}] }, 'the answer has no end'],
  ['a finish of no reason', toAnswer([], 'FINISH_REASON_UNSPECIFIED'), 'the answer has no end'],
  ['a call that is none', toAnswer([], 'MALFORMED_FUNCTION_CALL'), 'with MALFORMED_FUNCTION_CALL'],
  ['a text that is none', toAnswer([{ text: 1 }]), 'expected string'],
  ['a call without a name', toAnswer([{ functionCall: {} }]), 'expected string'],
  ['an error', { error: { code: 500, message: 'Internal error.' } }, 'Internal error.'],
  ['an error without words', { ...toAnswer([]), error: { code: 500 } }, 'the provider failed'],
])('does not take %s for an answer', (_what, json, message) => {
  expect(() => decodeAnswer(json)).toThrow(message)
})

test('gives calls ids of their own where the provider names neither them nor the answer', () => {
  const call = { functionCall: { name: 'list_gates' } }
  const ids = [0, 1].flatMap(() =>
    decodeAnswer(toAnswer([call, call])).parts.map((part) => 'id' in part && part.id),
  )
  expect(new Set(ids).size).toBe(4)
})

test('keeps an argument of any name', () => {
  const args = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object
  expect(decodeAnswer(toAnswer([{ functionCall: { name: 'f', args } }])).parts).toMatchObject([
    { arguments: '{"__proto__":{"a":1},"constructor":2}' },
  ])
})

const signature = { thoughtSignature: 'c2lnbmVk' }

test.each([
  ['a call', [{ functionCall: { id: 'a', name: 'f', args: { x: 1 } }, ...signature }]],
  ['a text', [{ text: 'Done.', ...signature }]],
  ['an empty text', [{ text: 'Done.' }, { text: '', ...signature }]],
  [
    'a call behind a thought',
    [
      { text: 'Hm.', thought: true },
      { functionCall: { id: 'a', name: 'f', args: {} }, ...signature },
      { functionCall: { id: 'b', name: 'f', args: {} } },
    ],
  ],
])('gives the signature of %s back as it came', (_what, parts) => {
  const answer = decodeAnswer(toAnswer(parts))
  const request: ChatRequest = {
    messages: [{ role: 'assistant', parts: answer.parts }],
    tools: [],
    unknown: [],
  }
  const { body } = encodeRequest(request, { model: 'gemini-3.7-flash', hasStreamOptions: false })
  expect(body).toMatchObject({ contents: [{ role: 'model', parts }] })
})

test('throws for a stream that cannot be read', () => {
  const decoder = geminiProvider.chat.createStreamDecoder()
  expect(() => decoder.push('data: {"candidates":\n\n')).toThrow(SyntaxError)
})

test('reads the count of tokens', () => {
  const { countTokens } = geminiProvider
  expect(countTokens?.decode({ totalTokens: 31, promptTokensDetails: [] })).toBe(31)
  expect(() => countTokens?.decode({})).toThrow('expected number')
})
