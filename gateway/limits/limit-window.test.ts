import { expect, test } from 'vitest'
import { toWindow } from './limit-window.ts'

test.each([
  ['Minute', '2026-11-22T10:20:30.456Z', '2026-11-22T10:20:00Z', '2026-11-22T10:21:00Z'],
  ['Minute', '2026-11-22T10:20:00.000Z', '2026-11-22T10:20:00Z', '2026-11-22T10:21:00Z'],
  ['Minute', '2026-11-22T10:20:59.999Z', '2026-11-22T10:20:00Z', '2026-11-22T10:21:00Z'],
  ['Hour', '2026-11-22T10:59:59.999Z', '2026-11-22T10:00:00Z', '2026-11-22T11:00:00Z'],
  ['Day', '2026-12-31T23:59:59.999Z', '2026-12-31T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['Month', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['Month', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'],
  ['Month', '2027-02-14T00:00:00.000Z', '2027-02-01T00:00:00Z', '2027-03-01T00:00:00Z'],
  ['Month', '2028-02-29T12:00:00.000Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
] as const)('the %s of %s is from %s until %s', (name, now, start, end) => {
  expect(toWindow(name, Date.parse(now))).toEqual({
    startMs: Date.parse(start),
    endMs: Date.parse(end),
  })
})

test.each([
  [28, 2027],
  [29, 2028],
])('a February has %i days in %i', (days, year) => {
  const { startMs, endMs } = toWindow('Month', Date.UTC(year, 1, 3))
  expect((endMs - startMs) / 86_400_000).toBe(days)
})
