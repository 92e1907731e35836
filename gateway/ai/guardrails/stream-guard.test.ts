import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
import { createAnswerAssembly } from '../chat/answer-assembly.ts'
import { toEvents } from '../chat/answer-events.ts'
import type { AssistantPart } from '../chat/request.ts'
import { createGuard } from './guard.ts'
import type { Judge } from './judge.ts'
import {
  answerOf,
  cutEvents,
  hostileText,
  noJudge,
  PII,
  places,
  requestOf,
  rule,
  user,
  WEBHOOK,
} from './testing/guardrails.ts'
import type { Vault } from './vault.ts'

const VAULT: Vault = {
  values: new Map([
    ['[EMAIL_1]', 'ann@b.co'],
    ['[PHONE_7]', '+49 30 "1"\n'],
  ]),
  isTaken: (mask) => ['[EMAIL_1]', '[PHONE_7]', '[EMAIL_2]'].includes(mask),
  isJson: false,
}

const EMPTY: Vault = { values: new Map(), isTaken: () => false, isJson: false }

interface Setup {
  readonly guardrails: readonly CompiledGuardrail[]
  readonly vault?: Vault
  readonly judge?: Judge
}

const guardOf = ({ guardrails, judge = noJudge }: Setup) => createGuard(guardrails, { judge })

/** What a stream leads to. */
const play = async (events: readonly ChatEvent[], setup: Setup) => {
  const guard = guardOf(setup).createStreamGuard(setup.vault ?? EMPTY)
  const passed: ChatEvent[] = []
  for (const event of events) passed.push(...(await guard.push(event)))
  passed.push(...guard.end())
  return { passed, findings: guard.findings, blocked: guard.blocked }
}

const assemble = (events: readonly ChatEvent[]) => {
  const assembly = createAnswerAssembly()
  for (const event of events) assembly.push(event)
  return assembly.toAnswer()
}

/** Empty texts, which no stream tells of, aside; what is beside each other is one. */
const toNormal = (answer: ChatAnswer | undefined): ChatAnswer | undefined =>
  answer && assemble(toEvents(answer).filter((event) => !('text' in event) || event.text !== ''))

const call = (json: string): AssistantPart => ({
  type: 'toolCall',
  id: 'c',
  name: 'f',
  arguments: json,
})

const parts = fc.array(
  fc.oneof(
    hostileText.map((text): AssistantPart => ({ type: 'text', text })),
    hostileText.map((text): AssistantPart => ({ type: 'refusal', text })),
    hostileText.map((text): AssistantPart => ({ type: 'reasoning', text, signature: 's' })),
    hostileText.map((text) => call(JSON.stringify({ [text]: [text, 4111111111111111] }))),
    hostileText.map((text) => call(`{"${text}`)),
  ),
  { maxLength: 4 },
)

const LOCAL = [
  rule(PII),
  rule({ type: 'patterns', patterns: ['EMP-[0-9]+', '<.*>'] }),
  rule({ type: 'topics', deny: ['project falcon'] }),
]
const approve: Judge = async (_rule, text) => ({
  isFlagged: false,
  text: text.replaceAll('w', '[EMAIL_1]'),
})

test.each<[string, Setup]>([
  ['what was masked is put back', { guardrails: [], vault: VAULT }],
  ['what the model said is masked', { guardrails: LOCAL }],
  ['both', { guardrails: LOCAL, vault: VAULT }],
  ['a webhook replaces', { guardrails: [rule(WEBHOOK), ...LOCAL], vault: VAULT, judge: approve }],
])('a stream says the same as a whole answer, however it is cut: %s', async (_what, setup) => {
  await fc.assert(
    fc.asyncProperty(parts, places, async (said, cuts) => {
      // As its events make it: parts of one kind are one.
      const answer = toNormal(answerOf(...said)) ?? answerOf()
      const whole = await guardOf(setup).checkAnswer(answer, setup.vault ?? EMPTY)
      const { passed, findings } = await play(cutEvents(toEvents(answer), cuts), setup)
      expect(whole.blocked).toBeUndefined()
      expect(findings).toEqual(whole.findings)
      expect(toNormal(assemble(passed))).toEqual('answer' in whole && toNormal(whole.answer))
    }),
    { numRuns: 300 },
  )
})

const SECRET = 'ann@example.com'

test.each<[string, CompiledGuardrail, Judge]>([
  ['a rule that finds it', rule(PII, 'Block'), noJudge],
  ['a judge', rule(WEBHOOK, 'Block'), async (_rule, text) => ({ isFlagged: text.includes('@') })],
  ['a judge that fails', rule(WEBHOOK, 'Block'), noJudge],
  ['a size', rule({ type: 'size', maxCharacters: 10 }, 'Block'), noJudge],
])('nothing of what is blocked ever leaves: %s', async (_what, guardrail, judge) => {
  const part = fc.constantFrom<AssistantPart>(
    { type: 'text', text: `so ${SECRET}, yes` },
    { type: 'reasoning', text: `so ${SECRET}, yes` },
    call(JSON.stringify({ to: SECRET })),
  )
  await fc.assert(
    fc.asyncProperty(part, places, async (said, cuts) => {
      const events = cutEvents(toEvents(answerOf(said)), cuts)
      const { passed, blocked } = await play(events, { guardrails: [guardrail], judge })
      const message = `The answer was blocked by the guardrail '${guardrail.name}'.`
      expect(blocked).toEqual({ rule: guardrail.name, message })
      expect(passed.at(-1)).toEqual({ type: 'error', message })
      const text = passed.map((event) => ('text' in event ? event.text : '')).join('')
      expect(text).not.toMatch(/ann|example/)
      expect(passed.filter(({ type }) => /tool|finish|end/.test(type))).toEqual([])
    }),
  )
})

test('a stream without anything to do passes untouched, at once', () => {
  const guard = guardOf({ guardrails: [rule(PII, 'Mask', { stages: ['Request'] })] })
  const stream = guard.createStreamGuard(EMPTY)
  for (const event of toEvents(answerOf({ type: 'text', text: 'mail a@' }, call('{}')))) {
    const passed = stream.push(event)
    expect(passed).toHaveLength(1)
    expect((passed as ChatEvent[])[0]).toBe(event)
  }
})

test('a stream of which all is only reported passes untouched, at once', async () => {
  const setup = {
    guardrails: [rule(PII, 'Audit'), rule(WEBHOOK, 'Audit')],
    judge: async () => ({ isFlagged: true }),
  }
  const stream = guardOf(setup).createStreamGuard(EMPTY)
  const events = toEvents(answerOf({ type: 'text', text: 'mail a@b.co' }, call('{}')))
  for (const event of events) expect(stream.push(event)).toEqual([event])
  expect(stream.end()).toEqual([])
  await stream.audited
  expect(stream.findings).toMatchObject([
    { rule: 'pii', types: { Email: 1 } },
    { rule: 'webhook', types: { Flagged: 1 } },
  ])
})

test('text goes on while it can be nothing', () => {
  const stream = guardOf({ guardrails: [rule(PII)] }).createStreamGuard(VAULT)
  expect(stream.push({ type: 'text', text: 'Dear [EM' })).toEqual([{ type: 'text', text: 'Dear ' }])
  expect(stream.push({ type: 'text', text: 'AIL_1], h' })).toEqual([
    { type: 'text', text: 'ann@b.co, ' },
  ])
  expect(stream.push({ type: 'reasoning', text: 'well ' })).toEqual([
    { type: 'text', text: 'h' },
    { type: 'reasoning', text: 'well' },
  ])
})

test('calls of tools come whole, in order, before what follows', async () => {
  const events: ChatEvent[] = [
    { type: 'toolCall', index: 0, id: 'a', name: 'f' },
    { type: 'toolCall', index: 1, id: 'b', name: 'g' },
    { type: 'toolArguments', index: 1, json: '{"b":' },
    { type: 'toolArguments', index: 0, json: '{"a":"[EMA' },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
    { type: 'toolArguments', index: 0, json: 'IL_1]"}' },
    { type: 'toolArguments', index: 1, json: '"x@y.co"}' },
    { type: 'finish', finish: 'toolCalls' },
  ]
  const { passed } = await play(events, { guardrails: [rule(PII)], vault: VAULT })
  expect(passed).toEqual([
    events[4],
    events[0],
    { type: 'toolArguments', index: 0, json: '{"a":"ann@b.co"}' },
    events[1],
    { type: 'toolArguments', index: 1, json: '{"b":"[EMAIL_3]"}' },
    events[7],
  ])
})

test('what is held back when a stream breaks off is let out, with rules applied', async () => {
  const events: ChatEvent[] = [
    { type: 'text', text: 'mail x@y.co' },
    { type: 'error', message: 'overloaded' },
  ]
  expect((await play(events, { guardrails: [rule(PII)] })).passed).toEqual([
    { type: 'text', text: 'mail ' },
    { type: 'text', text: '[EMAIL_1]' },
    events[1],
  ])
  const cut = await play(events.slice(0, 1), { guardrails: [rule(PII)] })
  expect(cut.passed.at(-1)).toEqual({ type: 'text', text: '[EMAIL_1]' })
})

test('what nobody judged is not let out', async () => {
  const events: ChatEvent[] = [
    { type: 'start' },
    { type: 'text', text: 'hello' },
    { type: 'error', message: 'overloaded' },
  ]
  const { passed } = await play(events, { guardrails: [rule(WEBHOOK, 'Block')] })
  expect(passed).toEqual([events[0], events[2]])
})

test('a request and its stream speak of the same', async () => {
  const guard = guardOf({ guardrails: [rule(PII)] })
  const checked = await guard.checkRequest(requestOf(user('I am ann@b.co')))
  if (checked.blocked) throw new Error('blocked')
  const stream = guard.createStreamGuard(checked.vault)
  const said = [
    ...(await stream.push({ type: 'text', text: 'Hi [EMAIL_1], [EMAIL_2] bob@b.co' })),
    ...stream.end(),
  ]
  expect(said.map((event) => ('text' in event ? event.text : '')).join('')).toBe(
    'Hi ann@b.co, [EMAIL_2] [EMAIL_2]',
  )
})
