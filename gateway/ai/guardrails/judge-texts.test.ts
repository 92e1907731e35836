import { expect, test } from 'vitest'
import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import { toEvents } from '../chat/answer-events.ts'
import { EMPTY_VAULT } from './check-request.ts'
import { createGuard } from './guard.ts'
import type { Judge, Judgement } from './judge.ts'
import { answerOf, noJudge, requestOf, rule, user, WEBHOOK } from './testing/guardrails.ts'

const guardOf = (guardrails: CompiledGuardrail[], judge: Judge = noJudge) =>
  createGuard(guardrails, { judge })

/** A judge that answers when it is told to. */
const createSlowJudge = () => {
  const { promise, resolve } = Promise.withResolvers<Judgement>()
  const seen: string[] = []
  const judge: Judge = (_rule, text) => {
    seen.push(text)
    return promise
  }
  return { judge, seen, decide: () => resolve({ isFlagged: true }) }
}

const AUDIT = rule(WEBHOOK, 'Audit')
const ANSWER = answerOf({ type: 'text', text: 'hello' })
const FLAGGED = [{ rule: 'webhook', action: 'Audit', types: { Flagged: 1 } }]

test('a judge that only reports holds up no request', async () => {
  const { judge, decide } = createSlowJudge()
  const checked = await guardOf([AUDIT], judge).checkRequest(requestOf(user('hi')))
  expect(checked).toMatchObject({ request: requestOf(user('hi')), findings: [] })
  decide()
  await checked.audited
  expect(checked.findings).toMatchObject(FLAGGED)
})

test('a judge that only reports holds up no answer', async () => {
  const { judge, decide } = createSlowJudge()
  const checked = await guardOf([AUDIT], judge).checkAnswer(ANSWER, EMPTY_VAULT)
  expect(checked).toMatchObject({ answer: ANSWER, findings: [] })
  decide()
  await checked.audited
  expect(checked.findings).toMatchObject(FLAGGED)
})

test('a judge that only reports holds up no stream, nor its end', async () => {
  const { judge, decide } = createSlowJudge()
  const stream = guardOf([AUDIT], judge).createStreamGuard(EMPTY_VAULT)
  for (const event of toEvents(ANSWER)) expect(stream.push(event)).toEqual([event])
  expect(stream.end()).toEqual([])
  expect(stream.findings).toEqual([])
  decide()
  await stream.audited
  expect(stream.findings).toMatchObject(FLAGGED)
})

test('a stream that is held back is reported on late as well', async () => {
  const { judge, decide } = createSlowJudge()
  const size = rule({ type: 'size', maxCharacters: 9 }, 'Block')
  const stream = guardOf([size, AUDIT], judge).createStreamGuard(EMPTY_VAULT)
  for (const event of toEvents(ANSWER)) await stream.push(event)
  expect(stream.findings).toEqual([])
  decide()
  await stream.audited
  expect(stream.findings).toMatchObject(FLAGGED)
})

test('a report that fails is one', async () => {
  const checked = await guardOf([AUDIT]).checkRequest(requestOf(user('hi')))
  await expect(checked.audited).resolves.toBeUndefined()
  expect(checked.findings).toMatchObject([{ types: { Failed: 1 } }])
})

test('a judge that only reports sees what those before it left', async () => {
  const seen: string[] = []
  const judge: Judge = async ({ name }, text) => {
    seen.push(`${name}: ${text}`)
    return { isFlagged: false, text: text.replace('bad', 'good') }
  }
  const audit = (name: string): CompiledGuardrail => ({ ...AUDIT, name })
  const guard = guardOf([audit('first'), rule(WEBHOOK, 'Mask'), audit('last')], judge)
  await guard.checkRequest(requestOf(user('bad')))
  expect(seen).toEqual(['first: bad', 'webhook: bad', 'last: good'])
})

test('the size of a stream is reported at its finish', () => {
  const size = rule({ type: 'size', maxCharacters: 3 }, 'Audit')
  const stream = guardOf([size]).createStreamGuard(EMPTY_VAULT)
  const events = toEvents(ANSWER)
  for (const event of events) {
    expect(stream.push(event)).toEqual([event])
    if (event.type === 'finish') break
  }
  expect(stream.findings).toMatchObject([{ rule: 'size', types: { MaxCharacters: 1 } }])
  expect(stream.audited).toBeUndefined()
})

test.each([
  [200, undefined],
  [201, "There are too many texts for the guardrail 'webhook': it looks at 200 at most."],
])('of %i texts, each asked about by itself', async (count, message) => {
  let asked = 0
  const judge: Judge = async () => {
    asked += 1
    return { isFlagged: false }
  }
  const texts = Array.from({ length: count }, () => user('hi'))
  const guard = guardOf([rule({ ...WEBHOOK, onFailure: 'Allow' }, 'Mask')], judge)
  const checked = await guard.checkRequest(requestOf(...texts, user(' ')))
  expect(checked.blocked?.message).toBe(message)
  expect(asked).toBe(message === undefined ? count : 0)
})

test('nobody is asked any more once the signal is aborted', async () => {
  const abort = new AbortController()
  const reason = new Error('the caller went away')
  const signals: (AbortSignal | undefined)[] = []
  const judge: Judge = (_rule, _text, signal) => {
    signals.push(signal)
    abort.abort(reason)
    return Promise.reject(new Error('aborted'))
  }
  const guard = guardOf([rule({ ...WEBHOOK, onFailure: 'Allow' }, 'Block')], judge)
  const request = requestOf(user('hi'))
  await expect(guard.checkRequest(request, abort.signal)).rejects.toBe(reason)
  expect(signals).toEqual([abort.signal])
  await expect(guard.checkRequest(request, abort.signal)).rejects.toBe(reason)
  await expect(guard.checkAnswer(ANSWER, EMPTY_VAULT, abort.signal)).rejects.toBe(reason)
  expect(signals).toHaveLength(1)
})

test.each([
  ['the name of a tool', { name: 'bad', parameters: {} }, true],
  ['its schema', { name: 't', parameters: { description: 'bad' } }, true],
  ['its description', { name: 't', parameters: {}, description: 'bad' }, false],
])('a webhook that replaces %s', async (_what, tool, isBlocked) => {
  const judge: Judge = async (_rule, text) => ({
    isFlagged: text.includes('bad'),
    text: text.replace('bad', 'good'),
  })
  const request = { ...requestOf(user('hi')), tools: [tool] }
  const checked = await guardOf([rule(WEBHOOK, 'Mask')], judge).checkRequest(request)
  expect(checked.blocked !== undefined).toBe(isBlocked)
})
