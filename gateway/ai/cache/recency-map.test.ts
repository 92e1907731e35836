import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecencyMap } from './recency-map.ts'

/** A list of entries, the oldest first: slow, but plain. */
const createModel = () => {
  let entries: (readonly [string, number])[] = []
  const without = (key: string) => entries.filter(([other]) => other !== key)
  return {
    set: (key: string, value: number) => {
      entries = [...without(key), [key, value]]
    },
    use: (key: string) => {
      const entry = entries.find(([other]) => other === key)
      if (entry) entries = [...without(key), entry]
      return entry?.[1]
    },
    delete: (key: string) => {
      entries = without(key)
    },
    dropOldest: () => {
      const [oldest] = entries
      entries = entries.slice(1)
      return oldest
    },
    size: () => entries.length,
  }
}

test('it does what a list does, whatever it is asked', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), key, value: fc.nat(9) }),
    fc.record({ do: fc.constantFrom('use' as const, 'delete' as const), key }),
    fc.record({ do: fc.constant('dropOldest' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new RecencyMap<number>()
      const model = createModel()
      for (const each of steps) {
        if (each.do === 'set') {
          map.set(each.key, each.value)
          model.set(each.key, each.value)
        } else if (each.do === 'dropOldest') expect(map.dropOldest()).toEqual(model.dropOldest())
        else if (each.do === 'use') expect(map.use(each.key)).toBe(model.use(each.key))
        else {
          map.delete(each.key)
          model.delete(each.key)
        }
        expect(map.size).toBe(model.size())
      }
    }),
    { numRuns: 500 },
  )
})

test('a look uses nothing', () => {
  const map = new RecencyMap<number>()
  map.set('a', 1)
  map.set('b', 2)
  expect(map.peek('a')).toBe(1)
  expect(map.dropOldest()).toEqual(['a', 1])
})
