import fc from 'fast-check'
import { type CompiledGuardrail, PII_TYPES, STAGES } from '#config/compiled/guardrail.ts'
import type { ChatAnswer, ChatEvent } from '../../chat/answer.ts'
import type { AssistantPart, ChatRequest, Message } from '../../chat/request.ts'
import type { Judgement } from '../judge.ts'

type Check = CompiledGuardrail['check']

/** All types, put back. */
export const PII: Check = { type: 'pii', types: [...PII_TYPES], reversible: true }

/** A guardrail for both stages. */
export const rule = (
  check: Check,
  action: CompiledGuardrail['action'] = 'Mask',
  others: Partial<CompiledGuardrail> = {},
): CompiledGuardrail => ({ name: check.type, stages: [...STAGES], action, check, ...others })

/** A webhook that is asked for a judgement. */
export const WEBHOOK = {
  type: 'webhook',
  target: { protocol: 'https', host: 'guard.example', port: 443, path: '/' },
  timeoutMs: 1000,
  onFailure: 'Block',
} as const satisfies Check

/** For guards that ask nobody. */
export const noJudge = (): Promise<Judgement> => Promise.reject(new Error('nobody is asked'))

export const requestOf = (...messages: Message[]): ChatRequest => ({
  messages,
  tools: [],
  unknown: [],
})

export const user = (text: string): Message => ({
  role: 'user',
  parts: [{ type: 'text', text }],
})

export const answerOf = (...parts: AssistantPart[]): ChatAnswer => ({ parts, finish: 'stop' })

/** A text in pieces, cut at places that may be anywhere. */
export const cutAt = (text: string, places: readonly number[]): string[] => {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length]
  const sorted = ends.toSorted((a, b) => a - b)
  return sorted.map((end, i) => text.slice(sorted[i - 1] ?? 0, end))
}

/** The events of an answer, with its texts and arguments cut. */
export const cutEvents = (events: readonly ChatEvent[], places: readonly number[]): ChatEvent[] =>
  events.flatMap((event): ChatEvent[] => {
    if (event.type === 'toolArguments') {
      return cutAt(event.json, places).map((json) => ({ ...event, json }))
    }
    if (!('text' in event)) return [event]
    return cutAt(event.text, places).map((text) => ({ ...event, text }))
  })

const PIECES = [
  'a.b@example.com',
  'x@',
  '4111 1111 1111 1111',
  '4111',
  ' 1111',
  '-',
  '+49 30 901820',
  '1 ',
  'DE89 3704 0044 0532 0130 00',
  'DE89',
  '536-90-4399',
  '192.168.1.1',
  '2001:db8::1',
  '::',
  'sk-proj-Zk3vQ9xT7bLm2Rf8Wc5Yh1Np6',
  'AKIAIOSFODNN7EXAMPLE',
  'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fH3',
  '-----BEGIN PRIVATE KEY-----\n',
  'MIIEabc+/=\n',
  '-----END PRIVATE KEY-----',
  '-----',
  '[EMAIL_1]',
  '[EMAIL_',
  '1]',
  '[PHONE_7]',
  '[',
  'EMP-123456',
  'EMP-',
  'project falcon',
  'Project',
  ' ',
  '\n',
  '.',
  'word',
  '😀',
  '漢字',
  '\ud83d',
  '"',
  '\\',
  '(',
  ')',
  '\u00a0',
  'é',
  'x'.repeat(300),
  'y'.repeat(90),
  'eyJabcdefgh.eyJabcdefgh.',
  '<',
  '>',
  'the quick brown fox ',
]

/** Texts of what could be something, beside what makes it something else. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, fc.string()), {
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''))

export const places: fc.Arbitrary<number[]> = fc.array(fc.nat(2000), { maxLength: 40 })
