import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CompiledGuardrail, PII_TYPES } from '#config/compiled/guardrail.ts'
import { matchFrom } from './characters.ts'
import { createTally } from './findings.ts'
import { createMasks } from './masks.ts'
import { type Inspection, Redactor } from './redactor.ts'
import { createStageRules } from './rules.ts'
import type { Find } from './span.ts'
import { cutAt, hostileText, PII, places, rule } from './testing/guardrails.ts'
import { unmask } from './vault.ts'

const KEPT = new Set(['[EMAIL_1]', '[PHONE_7]'])

const PATTERNS = rule({ type: 'patterns', patterns: ['EMP-[0-9]+', '<.*>', 'a+b?', 'MAI'] })
const TOPICS = rule({
  type: 'topics',
  deny: ['project falcon', 'project', 'quick brown', '漢', 'email_1'],
})

const start = (guardrails: readonly CompiledGuardrail[]) => {
  const inspection: Inspection = {
    masks: createMasks((mask) => KEPT.has(mask)),
    tally: createTally('Response'),
    isKept: (mask) => KEPT.has(mask),
    blockedBy: undefined,
  }
  return {
    inspection,
    redactor: new Redactor(createStageRules(guardrails).Response.local, inspection),
  }
}

const redact = (guardrails: readonly CompiledGuardrail[], text: string) =>
  start(guardrails).redactor.end(text)

test.each<[string, CompiledGuardrail[]]>([
  ['what belongs to a person', [rule(PII)]],
  ...PII_TYPES.map((type): [string, CompiledGuardrail[]] => [
    type,
    [rule({ type: 'pii', types: [type], reversible: true })],
  ]),
  ['patterns', [PATTERNS]],
  ['topics', [TOPICS]],
  ['all of them', [rule(PII), PATTERNS, TOPICS]],
  ['some that only count', [rule(PII, 'Audit'), PATTERNS]],
])('masks the same wherever a text is cut: %s', (_what, guardrails) => {
  fc.assert(
    fc.property(hostileText, places, (text, cuts) => {
      const whole = start(guardrails)
      const cut = start(guardrails)
      const expected = whole.redactor.end(text)
      const passed = cutAt(text, cuts).map((piece) => cut.redactor.push(piece))
      expect(passed.join('') + cut.redactor.end()).toBe(expected)
      expect(cut.inspection.tally.toFindings()).toEqual(whole.inspection.tally.toFindings())
    }),
    { numRuns: 500 },
  )
})

test('what is masked and put back is as it was', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const written = [...text.matchAll(/\[[A-Z_]+_[0-9]+\]/g)].map(([mask]) => mask)
      const masks = createMasks((mask) => written.includes(mask))
      const inspection = {
        masks,
        tally: createTally('Request'),
        isKept: () => false,
        blockedBy: undefined,
      }
      const { local } = createStageRules([rule(PII)]).Request
      const masked = new Redactor(local, inspection).end(text)
      const vault = { values: masks.values, isTaken: masks.isGiven, isJson: false }
      expect(unmask(masked, vault, false)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('no character is let out in halves', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (cuts) => {
      const { redactor } = start([rule(PII), PATTERNS])
      const pieces = cutAt(`x${'😀'.repeat(600)}`, cuts).map((piece) => redactor.push(piece))
      for (const piece of pieces) expect(piece.isWellFormed()).toBe(true)
    }),
  )
})

test('a match that is as long as it may be is found however slowly it comes', () => {
  const { redactor } = start([PATTERNS])
  const text = `${'-'.repeat(100)}<${'x'.repeat(254)}>${'-'.repeat(500)}`
  const passed = Array.from(text, (piece) => redactor.push(piece))
  expect(passed.join('') + redactor.end()).toBe(text.replace(/<.*>/, '[PATTERN_1]'))
})

test('a secret that comes slowly is held back to its end', () => {
  const { redactor } = start([rule({ type: 'pii', types: ['Secret'], reversible: true })])
  const text = `key eyJ${'a'.repeat(500)}.eyJ${'b'.repeat(2000)}.${'c'.repeat(300)} end`
  const passed = Array.from(text, (piece) => redactor.push(piece))
  expect(passed.join('') + redactor.end()).toBe('key [SECRET_1] end')
})

test.each([
  ['to a@b.co and c@d.co, a@b.co', 'to [EMAIL_2] and [EMAIL_3], [EMAIL_2]'],
  ['keeps [EMAIL_1]', 'keeps [EMAIL_1]'],
  ['card 4111 1111 1111 1111', 'card [CREDIT_CARD_1]'],
])('masks %j', (text, expected) => {
  expect(redact([rule(PII)], text)).toBe(expected)
})

test('nothing is found in a mask that is put back, even before all of it is there', () => {
  const { inspection } = start([])
  const find: Find = ({ text, from }) => ({
    spans: Array.from(matchFrom(text, from, /MAI/g), ({ index }) => ({
      start: index,
      end: index + 3,
      type: 'Pattern',
    })),
    settled: text.length,
  })
  const redactor = new Redactor([{ guardrail: PATTERNS, find }], inspection)
  const passed = ['a [EMAIL', '_1], MAI'].map((piece) => redactor.push(piece))
  expect(passed).toEqual(['a ', '[EMAIL_1], [PATTERN_1]'])
})

test('of what overlaps, nothing is left', () => {
  const patterns = rule({ type: 'patterns', patterns: ['to a', 'a@b', 'co end'] })
  expect(redact([patterns, rule(PII)], 'to a@b.co end')).toBe('[PATTERN_1][EMAIL_2][PATTERN_2]')
})

test('holds back no more than what may go on', () => {
  const { redactor } = start([rule(PII)])
  expect(redactor.push('mail ann')).toBe('mail ')
  expect(redactor.push('@example.com')).toBe('')
  expect(redactor.push(' now, please')).toBe('[EMAIL_2] now, ')
  expect(redactor.end()).toBe('please')
})

test('what only counts holds nothing back', () => {
  const { redactor, inspection } = start([rule(PII, 'Audit')])
  expect(redactor.push('mail ann@')).toBe('mail ann@')
  expect(redactor.push('b.co')).toBe('b.co')
  expect(redactor.end()).toBe('')
  expect(inspection.tally.toFindings()).toEqual([
    { rule: 'pii', stage: 'Response', action: 'Audit', types: { Email: 1 } },
  ])
})

test('what blocks lets nothing more out', () => {
  const { redactor, inspection } = start([rule(PII, 'Block')])
  const passed = ['good text, ', 'mail ann', '@b.co', ' and more ', 'text '].map((piece) =>
    redactor.push(piece),
  )
  expect(passed.join('')).toBe('good text, mail ')
  expect(inspection.blockedBy?.name).toBe('pii')
})

/** The least of some runs: others share the machine. */
const timeOf = (run: () => void): number => {
  const times = [1, 2, 3].map(() => {
    const before = performance.now()
    run()
    return performance.now() - before
  })
  return Math.min(...times)
}

test.each(['x', 'a ', '1 ', 'a@b.co ', '[EMAIL_', '<', 'project '])(
  'takes time linear in a stream of nothing but %j',
  (piece) => {
    const run = (count: number) =>
      timeOf(() => {
        const { redactor } = start([rule(PII), PATTERNS, TOPICS])
        for (let i = 0; i < count; i += 1) redactor.push(piece)
        redactor.end()
      })
    // Quadratic would be 64 times.
    expect(run(8000)).toBeLessThan(24 * run(1000) + 50)
  },
)
