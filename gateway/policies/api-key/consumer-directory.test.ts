import { expect, test } from 'vitest'
import { toConsumerSecret, toSecret } from '#test/fixtures/models.ts'
import { createConsumerDirectory, hashApiKey } from './consumer-directory.ts'

test('finds a consumer by its key, with what its Secret says of it', () => {
  const directory = createConsumerDirectory()
  directory.set(toConsumerSecret('alice', 'key-a', { team: 'search', tenant: 'shop' }))
  directory.set(toConsumerSecret('bob', 'key-b'))
  expect(directory.find('key-a')).toEqual({ name: 'alice', team: 'search', tenant: 'shop' })
  expect(directory.find('key-b')).toEqual({ name: 'bob' })
  expect(directory.find('key-c')).toBeUndefined()
  expect(directory.find('')).toBeUndefined()
})

const labels = { 'penstock.dev/consumer': 'alice' }

test('while a key is being replaced, both count; then only the new one', () => {
  const directory = createConsumerDirectory()
  const hashes = {
    sha256: hashApiKey('old'),
    'sha256-next': `${hashApiKey('new').toUpperCase()}\n`,
  }
  directory.set(toSecret('s', hashes, { labels }))
  expect([directory.find('old')?.name, directory.find('new')?.name]).toEqual(['alice', 'alice'])
  directory.set(toSecret('s', { sha256: hashApiKey('new') }, { labels }))
  expect([directory.find('old')?.name, directory.find('new')?.name]).toEqual([undefined, 'alice'])
})

test('a hash is what sha256sum prints', () => {
  expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('a consumer is gone with its Secret', () => {
  const directory = createConsumerDirectory()
  directory.set(toConsumerSecret('alice', 'key'))
  directory.delete('alice')
  expect(directory.find('key')).toBeUndefined()
})

test('a Secret that loses its label no longer lets anyone in', () => {
  const directory = createConsumerDirectory()
  directory.set(toConsumerSecret('alice', 'key'))
  directory.set(toSecret('alice', { sha256: hashApiKey('key') }))
  expect(directory.find('key')).toBeUndefined()
})

test.each([
  ['a key instead of its hash', { sha256: 'key' }],
  ['another entry', { hash: hashApiKey('key') }],
  ['half a hash', { sha256: hashApiKey('key').slice(0, 32) }],
  ['nothing', {}],
])('%s lets nobody in', (_what, data) => {
  const directory = createConsumerDirectory()
  directory.set(toSecret('s', data, { labels }))
  expect(directory.find('key')).toBeUndefined()
})
