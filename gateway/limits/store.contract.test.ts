import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Replicas, STORES, toTestKey } from '#test/fixtures/limit-stores.ts'
import type { Claim, LimitStore } from './limit-store.ts'
import { toWindow } from './limit-window.ts'

const NOW = Date.UTC(2026, 10, 22, 10, 20, 30)
const MINUTE = toWindow('Minute', NOW)
const NEXT = toWindow('Minute', MINUTE.endMs)
const { MAX_SAFE_INTEGER } = Number

for (const { name, isSkipped, open } of STORES) {
  describe.skipIf(isSkipped)(`a ${name} store`, () => {
    let replicas: Replicas
    let store: LimitStore

    beforeAll(async () => {
      replicas = await open()
      store = replicas.stores[0]!
    })
    afterAll(() => replicas.close())

    const claimOf = (max: number) => {
      const key = toTestKey('a')
      return (amount: number, window = MINUTE): Claim => ({ key, window, max, amount })
    }

    test('grants up to the max, and not beyond', async () => {
      const claim = claimOf(10)
      expect(await store.reserve([claim(7)], NOW)).toEqual({ isGranted: true, used: [7] })
      expect(await store.reserve([claim(4)], NOW)).toEqual({ isGranted: false, deniedIndex: 0 })
      expect(await store.reserve([claim(3)], NOW)).toEqual({ isGranted: true, used: [10] })
      expect((await store.reserve([claim(1)], NOW)).isGranted).toBe(false)
      expect((await store.reserve([claim(0)], NOW)).isGranted).toBe(true)
    })

    test('denies a first claim that is more than the max', async () => {
      expect((await store.reserve([claimOf(10)(11)], NOW)).isGranted).toBe(false)
    })

    test('takes all claims or none, and names the first that does not fit', async () => {
      const [wide, narrow, full] = [claimOf(10), claimOf(2), claimOf(1)]
      const claims = [wide(3), narrow(3), full(2)]
      expect(await store.reserve(claims, NOW)).toEqual({ isGranted: false, deniedIndex: 1 })
      expect(await store.reserve([wide(10), narrow(2), full(1)], NOW)).toEqual({
        isGranted: true,
        used: [10, 2, 1],
      })
    })

    test('gives back what was not used', async () => {
      const claim = claimOf(10)
      await store.reserve([claim(10)], NOW)
      await store.settle([{ ...claim(0), delta: -4 }], NOW)
      expect(await store.reserve([claim(4)], NOW)).toEqual({ isGranted: true, used: [10] })
    })

    test('keeps what was used beyond the max', async () => {
      const claim = claimOf(10)
      await store.reserve([claim(5)], NOW)
      await store.settle([{ ...claim(0), delta: 20 }], NOW)
      expect((await store.reserve([claim(0)], NOW)).isGranted).toBe(false)
      await store.settle([{ ...claim(0), delta: -15 }], NOW)
      expect(await store.reserve([claim(0)], NOW)).toEqual({ isGranted: true, used: [10] })
    })

    test('never holds less than nothing', async () => {
      const claim = claimOf(10)
      await store.reserve([claim(1)], NOW)
      await store.settle([{ ...claim(0), delta: -5 }], NOW)
      expect(await store.reserve([claim(1)], NOW)).toEqual({ isGranted: true, used: [1] })
    })

    test('begins again with the next window', async () => {
      const claim = claimOf(10)
      await store.reserve([claim(10)], NOW)
      expect(await store.reserve([claim(10, NEXT)], NEXT.startMs)).toEqual({
        isGranted: true,
        used: [10],
      })
    })

    test('settles a call of an earlier window there, and not in the next', async () => {
      const claim = claimOf(10)
      await store.reserve([claim(10)], NOW)
      await store.reserve([claim(5, NEXT)], NEXT.startMs)
      await store.settle([{ ...claim(0), delta: -10 }], NEXT.startMs)
      expect(await store.reserve([claim(0, NEXT)], NEXT.startMs)).toMatchObject({ used: [5] })
      await store.settle([{ ...claim(0), delta: 100 }], NEXT.startMs)
      expect(await store.reserve([claim(0, NEXT)], NEXT.startMs)).toMatchObject({ used: [5] })
    })

    test('settles a call that ended long ago', async () => {
      const claim = claimOf(10)
      await store.reserve([claim(10)], NOW)
      await expect(
        store.settle([{ ...claim(0), delta: -10 }], NOW + 86_400_000),
      ).resolves.toBeUndefined()
    })

    test('is exact up to 2^53', async () => {
      const claim = claimOf(MAX_SAFE_INTEGER)
      expect(await store.reserve([claim(MAX_SAFE_INTEGER - 1)], NOW)).toMatchObject({
        used: [MAX_SAFE_INTEGER - 1],
      })
      expect((await store.reserve([claim(2)], NOW)).isGranted).toBe(false)
      expect(await store.reserve([claim(1)], NOW)).toMatchObject({ used: [MAX_SAFE_INTEGER] })
      await store.settle([{ ...claim(0), delta: MAX_SAFE_INTEGER }], NOW)
      await store.settle([{ ...claim(0), delta: -1 }], NOW)
      expect(await store.reserve([claim(0)], NOW)).toMatchObject({ used: [MAX_SAFE_INTEGER - 1] })
    })

    test('grants exactly as many equal claims at once as fit', async () => {
      const claim = claimOf(1000)
      const verdicts = await Promise.all(
        Array.from({ length: 400 }, (_, index) => {
          const replica = replicas.stores[index % replicas.stores.length]!
          return replica.reserve([claim(7)], NOW)
        }),
      )
      expect(verdicts.filter(({ isGranted }) => isGranted)).toHaveLength(Math.floor(1000 / 7))
    })
  })
}
