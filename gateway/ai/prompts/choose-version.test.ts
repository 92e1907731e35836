import { expect, test } from 'vitest'
import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import { chooseVersion } from './choose-version.ts'

const toVersion = (name: string, weight: number): CompiledPromptVersion => ({
  name,
  weight,
  model: 'm',
  messages: [],
  settings: {},
})

const prompt = { versions: [toVersion('v1', 0), toVersion('v2', 3), toVersion('v3', 1)] }

test.each([
  [0, 'v2'],
  [0.7499, 'v2'],
  [0.75, 'v3'],
  [1 - Number.EPSILON / 2, 'v3'],
])('%d falls to %s', (random, name) => {
  expect(chooseVersion(prompt, undefined, random)?.name).toBe(name)
})

test('a pinned version answers, whatever its share', () => {
  expect(chooseVersion(prompt, 'v1', 0.9)?.name).toBe('v1')
})

test.each(['v4', '', '__proto__'])('there is no version %j', (pinned) => {
  expect(chooseVersion(prompt, pinned, 0)).toBeUndefined()
})
