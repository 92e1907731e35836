import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLane, type Lane, type Parcel } from './lane.ts'

/** `add:a1` is version 1 of incarnation a, newly there. */
const toParcel = (text: string) => {
  const [verb = '', version = ''] = text.split(':')
  return { verb: verb as Parcel['verb'], uid: version.slice(0, 1), version }
}

type TestParcel = ReturnType<typeof toParcel>

const toText = ({ verb, version }: TestParcel) => `${verb}:${version}`

/** Plays a script of pushes, `<take`, `<done` and `<failed`. @returns what was taken, and the rest. */
const play = (lane: Lane<TestParcel>, script: string) => {
  const taken: string[] = []
  for (const step of script.split(' ')) {
    if (step === '<take') taken.push(toText(lane.take()))
    else if (step === '<done') lane.done()
    else if (step === '<failed') lane.failed()
    else lane.push(toParcel(step), () => {})
  }
  while (lane.size > 0) {
    taken.push(toText(lane.take()))
    lane.done()
  }
  return taken.join(' ')
}

describe('a lane sends', () => {
  test.each([
    ['a single change', 'add:a1', 'add:a1'],
    ['the newest of an object that was never sent, as new', 'add:a1 update:a2 update:a3', 'add:a3'],
    ['nothing of an object that came and went', 'add:a1 update:a2 delete:a3', ''],
    [
      'a deletion after an addition was tried',
      'add:a1 <take <failed delete:a2',
      'add:a1 delete:a2',
    ],
    ['only the newest update', 'update:a1 update:a2 update:a3', 'update:a3'],
    ['a deletion instead of an update', 'update:a1 delete:a2', 'delete:a2'],
    [
      'the newest after what is in flight',
      'update:a1 <take update:a2 update:a3 <done',
      'update:a1 update:a3',
    ],
    [
      'the newest instead of what failed',
      'update:a1 <take update:a2 <failed',
      'update:a1 update:a2',
    ],
    ['an object as new until that was accepted', 'add:a1 <take update:a2 <failed', 'add:a1 add:a2'],
    [
      'a change while waiting to send again, as new',
      'add:a1 <take <failed update:a2',
      'add:a1 add:a2',
    ],
    [
      'an update once the addition was accepted',
      'add:a1 <take update:a2 <done',
      'add:a1 update:a2',
    ],
    ['what failed again, if nothing is newer', 'update:a1 <take <failed', 'update:a1 update:a1'],
    ['a deletion before the next of that name', 'delete:a2 add:b3', 'delete:a2 add:b3'],
    ['no next of that name that came and went', 'delete:a2 add:b3 delete:b4', 'delete:a2'],
    [
      'a failed deletion before the next of that name',
      'delete:a1 <take add:b2 <failed',
      'delete:a1 delete:a1 add:b2',
    ],
  ])('%s', (_name, script, expected) => {
    expect(play(createLane(), script)).toBe(expected)
  })
})

test('a lane settles every change once, whatever happens, and holds at most three', () => {
  const step = fc.oneof(
    fc.constantFrom('put', 'recreate', 'delete').map((kind) => ({ kind })),
    fc.constantFrom('take', 'done', 'failed').map((kind) => ({ kind })),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lane = createLane<TestParcel>()
      const settled: number[] = []
      let [pushed, incarnation, exists, sending] = [0, 0, false, false]
      const push = (verb: Parcel['verb']) => {
        const index = pushed++
        const uid = String.fromCharCode(97 + (incarnation % 26))
        lane.push({ verb, uid, version: `${uid}${index}` }, () => settled.push(index))
      }
      const act: Record<string, () => void> = {
        put: () => {
          if (!exists) incarnation += 1
          push(exists ? 'update' : 'add')
          exists = true
        },
        recreate: () => {
          if (exists) push('delete')
          incarnation += 1
          push('add')
          exists = true
        },
        delete: () => {
          if (exists) push('delete')
          exists = false
        },
        take: () => {
          if (!sending && lane.size > 0) {
            lane.take()
            sending = true
          }
        },
        done: () => {
          if (sending) lane.done()
          sending = false
        },
        failed: () => {
          if (sending) lane.failed()
          sending = false
        },
      }
      for (const { kind } of steps) {
        act[kind]?.()
        expect(lane.size).toBeLessThanOrEqual(3)
      }
      lane.clear()
      expect(settled.sort((a, b) => a - b)).toEqual(Array.from({ length: pushed }, (_, i) => i))
    }),
  )
})
