import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { STORES, toTestKey } from '#test/fixtures/limit-stores.ts'
import type { Claim, Correction, LimitStore, Verdict } from './limit-store.ts'
import { toWindow } from './limit-window.ts'

const MINUTE = toWindow('Minute', Date.UTC(2026, 10, 22, 10, 20, 30))
const NEXT = toWindow('Minute', MINUTE.endMs)

/** What a store has to do, as plainly as it can be said. */
const createModel = () => {
  const counters = new Map<string, number>()
  const idOf = ({ key, window }: Correction | Claim) => `${window.startMs} ${key}`
  const used = (claim: Correction | Claim) => counters.get(idOf(claim)) ?? 0
  return {
    reserve(claims: readonly Claim[]): Verdict {
      const deniedIndex = claims.findIndex((claim) => used(claim) + claim.amount > claim.max)
      if (deniedIndex >= 0) return { isGranted: false, deniedIndex }
      for (const claim of claims) counters.set(idOf(claim), used(claim) + claim.amount)
      return { isGranted: true, used: claims.map(used) }
    },
    settle(correction: Correction): void {
      counters.set(idOf(correction), used(correction) + correction.delta)
    },
  }
}

const claim = fc.record({
  key: fc.constantFrom('a', 'b', '__proto__'),
  amount: fc.nat(12),
  max: fc.constantFrom(10, 10, 15),
})

const step = fc.record({
  claims: fc.uniqueArray(claim, { selector: ({ key }) => key, minLength: 1 }),
  /** Of the calls that are on their way, the one that ends then, and what it used. */
  ends: fc.option(fc.record({ index: fc.nat(20), actual: fc.nat(20) })),
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const runSteps = async (store: LimitStore, steps: readonly Step[], laterFrom: number) => {
  const model = createModel()
  const run = toTestKey('model')
  const open: Claim[] = []
  for (const [at, { claims: drawn, ends }] of steps.entries()) {
    const window = at < laterFrom ? MINUTE : NEXT
    const claims = drawn.map(({ key, ...rest }) => ({ key: run + key, window, ...rest }))
    const verdict = model.reserve(claims)
    expect(await store.reserve(claims, window.startMs)).toEqual(verdict)
    if (verdict.isGranted) open.push(...claims)
    const [ended] = ends ? open.splice(ends.index % (open.length || 1), 1) : []
    if (!ends || !ended) continue
    const correction = { ...ended, delta: ends.actual - ended.amount }
    model.settle(correction)
    await store.settle([correction], window.startMs)
  }
}

for (const { name, isSkipped, open } of STORES) {
  describe.skipIf(isSkipped)(`a ${name} store`, () => {
    test('does as a plain model does, whatever comes', async () => {
      const { stores, close } = await open()
      onTestFinished(close)
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 30 }),
          fc.nat(30),
          async (steps, laterFrom) => {
            // The clock of a local store may not go back, so each run has its own.
            const store = name === 'local' ? (await open()).stores[0] : stores[0]
            if (store) await runSteps(store, steps, laterFrom)
          },
        ),
        { numRuns: name === 'local' ? 500 : 60 },
      )
    })
  })
}
