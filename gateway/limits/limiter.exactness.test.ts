import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { STORES } from '#test/fixtures/limit-stores.ts'
import { amounts, caller, isAdmitted, limitOf } from '#test/fixtures/limited-calls.ts'
import { createLimiter } from './limiter.ts'
import { createLocalStore } from './local-store.ts'

for (const { name, isSkipped, open } of STORES) {
  describe.skipIf(isSkipped)(`replicas with a ${name} store`, () => {
    const createReplicas = async () => {
      const { stores, close } = await open()
      onTestFinished(close)
      const limiters = stores.map((store) =>
        createLimiter({
          store,
          local: createLocalStore(),
          onStoreError: (error) => {
            throw error
          },
        }),
      )
      return (index: number) => limiters[index % limiters.length]!
    }

    test('together admit exactly as many equal calls as fit', async () => {
      const replicaOf = await createReplicas()
      const limits = [limitOf({ max: 1000, window: 'Month' })]
      const admissions = await Promise.all(
        Array.from({ length: 300 }, (_, index) =>
          replicaOf(index).admit(limits, caller, amounts(9)),
        ),
      )
      expect(admissions.filter(isAdmitted)).toHaveLength(111)
    })

    test('together admit no more than the cap, and deny nothing that would have fitted', async () => {
      const replicaOf = await createReplicas()
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 }),
          fc.integer({ min: 1, max: 1000 }),
          async (estimates, max) => {
            const limits = [limitOf({ max, window: 'Month' })]
            const admissions = await Promise.all(
              estimates.map((tokens, index) =>
                replicaOf(index).admit(limits, caller, amounts(tokens)),
              ),
            )
            const taken = estimates.filter((_, index) => isAdmitted(admissions[index]!))
            const sum = taken.reduce((total, tokens) => total + tokens, 0)
            expect(sum).toBeLessThanOrEqual(max)
            for (const [index, tokens] of estimates.entries()) {
              // Nothing is given back, so what was used when it was denied is no more than the sum.
              if (admissions[index]?.denied) expect(sum + tokens).toBeGreaterThan(max)
            }
          },
        ),
        { numRuns: 50 },
      )
    })
  })
}
