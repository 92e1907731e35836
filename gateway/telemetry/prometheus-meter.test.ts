import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { createPrometheusMeter } from './prometheus-meter.ts'

const count = { name: 'a.b', unit: '{it}', help: 'h', attributes: ['x.y'] }

const start = () => {
  const registry = new Registry()
  const find = createPrometheusMeter(registry).create(count)
  const read = async () => (await registry.metrics()).trim().split('\n').slice(2)
  return { find, read }
}

test('finds a series again by its attributes', () => {
  const { find } = start()
  expect(find({ 'x.y': '1' })).toBe(find({ 'x.y': '1' }))
  expect(find({ 'x.y': '1' })).not.toBe(find({ 'x.y': '2' }))
})

test('values are escaped', async () => {
  const { find, read } = start()
  find({ 'x.y': '"\n\\' })(1)
  expect(await read()).toEqual([String.raw`a_b_total{x_y="\"\n\\"} 1`])
})

test('what is too many adds up in one series', async () => {
  const { find, read } = start()
  for (let index = 0; index < 3000; index += 1) find({ 'x.y': `${index}` })(1)
  find({ 'x.y': '0' })(1)
  const lines = await read()
  expect(lines).toHaveLength(2001)
  expect(lines).toContain('a_b_total{x_y="0"} 2')
  expect(lines).toContain('a_b_total{otel_metric_overflow="true"} 1000')
})
