import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Deadline, Deadlines } from './deadlines.ts'

const entry = () => {
  const expiredAt: number[] = []
  const start = performance.now()
  const deadline: Deadline = {
    slot: -1,
    timeoutMs: 0,
    dueAt: 0,
    touched: false,
    expire: () => {
      expiredAt.push(performance.now() - start)
      deadline.timeoutMs = 0
    },
  }
  return { deadline, expiredAt }
}

describe('Deadlines', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each([30, 100, 400, 1000, 5000, 60_000])(
    'expires %i ms within 50 ms or a tenth',
    (timeoutMs) => {
      const deadlines = new Deadlines()
      for (const offsetMs of [0, 7, 13, 24, 111]) {
        vi.advanceTimersByTime(offsetMs)
        const { deadline, expiredAt } = entry()
        deadlines.add(deadline)
        deadlines.arm(deadline, timeoutMs)
        vi.advanceTimersByTime(timeoutMs * 2 + 600)
        expect(expiredAt).toHaveLength(1)
        expect(Math.abs(expiredAt[0]! - timeoutMs)).toBeLessThanOrEqual(
          Math.max(50, timeoutMs / 10),
        )
      }
    },
  )

  it('expires a short one in time though a long one set the pace', () => {
    const deadlines = new Deadlines()
    const long = entry()
    deadlines.add(long.deadline)
    deadlines.arm(long.deadline, 60_000)
    vi.advanceTimersByTime(1010)
    const short = entry()
    deadlines.add(short.deadline)
    deadlines.arm(short.deadline, 100)
    vi.advanceTimersByTime(150)
    expect(short.expiredAt).toHaveLength(1)
    expect(long.expiredAt).toHaveLength(0)
  })

  it('starts over when touched, and never expires one disarmed or removed', () => {
    const deadlines = new Deadlines()
    const [touched, disarmed, removed] = [entry(), entry(), entry()]
    for (const { deadline } of [touched, disarmed, removed]) {
      deadlines.add(deadline)
      deadlines.arm(deadline, 100)
    }
    vi.advanceTimersByTime(60)
    touched.deadline.touched = true
    deadlines.arm(disarmed.deadline, 0)
    deadlines.remove(removed.deadline)
    deadlines.remove(removed.deadline)
    vi.advanceTimersByTime(80)
    expect(touched.expiredAt).toHaveLength(0)
    vi.advanceTimersByTime(1000)
    expect(touched.expiredAt).toHaveLength(1)
    expect([...disarmed.expiredAt, ...removed.expiredAt]).toEqual([])
  })

  it('stops its timer when nothing is armed', () => {
    const deadlines = new Deadlines()
    const { deadline } = entry()
    deadlines.add(deadline)
    deadlines.arm(deadline, 100)
    expect(vi.getTimerCount()).toBe(1)
    deadlines.arm(deadline, 0)
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  })
})
