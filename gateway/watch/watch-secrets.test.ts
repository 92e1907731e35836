import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '#lib/telemetry/log.ts'
import { toSecret } from '#test/fixtures/models.ts'
import {
  type ScriptedApiServer,
  startScriptedApiServer,
} from '#test/fixtures/scripted-api-server.ts'
import { until } from '#test/fixtures/until.ts'
import { createSecretBook, type SecretBook } from '../link/secret-book.ts'
import { createSecretWatches, type SecretWatches } from './watch-secrets.ts'

const PATH = '/api/v1/namespaces/shop/secrets'
const entry = { namespace: 'shop', name: 'openai', key: 'apiKey' }

let server: ScriptedApiServer
let book: SecretBook
let watches: SecretWatches
let changes: string[]

beforeEach(async () => {
  server = await startScriptedApiServer()
  server.collections.set(PATH, [openai('sk-1')])
  book = createSecretBook((namespace) => watches.follow(namespace))
  changes = []
  watches = createSecretWatches({
    client: server.client,
    book,
    onChange: (namespace, name, secret) =>
      changes.push(`${secret ? 'set' : 'gone'} ${namespace}/${name}`),
    onPermission: (namespace) => changes.push(`permission ${namespace}`),
    log: createLog('test', 'silent'),
  })
})
afterEach(async () => {
  await watches.stop()
  await server[Symbol.asyncDispose]()
})

const openai = (apiKey: string) => toSecret('openai', { apiKey }, { namespace: 'shop' })
const reason = () => book.findProblem(entry)?.reason

test('a namespace is followed once somebody asks for a Secret of it', async () => {
  expect(reason()).toBe('SecretNotFound')
  await watches.synced()
  expect([reason(), book.read(entry)]).toEqual([undefined, 'sk-1'])
  await until('watched', () => server.watchers(PATH) === 1)
  server.emit(PATH, 'MODIFIED', openai('sk-2'))
  await until('the new value', () => book.read(entry) === 'sk-2')
  server.emit(PATH, 'DELETED', openai('sk-2'))
  await until('gone', () => reason() === 'SecretNotFound')
  expect(changes).toEqual(['set shop/openai', 'set shop/openai', 'gone shop/openai'])
})

test('what may not be read is told at once, and read once it may be', async () => {
  server.forbidden.add(PATH)
  watches.follow('shop')
  await watches.synced()
  expect([reason(), book.read(entry)]).toEqual(['RefNotPermitted', undefined])
  server.forbidden.delete(PATH)
  await until('allowed', () => reason() === undefined)
  expect(book.read(entry)).toBe('sk-1')
  expect(changes).toEqual(['permission shop', 'permission shop', 'set shop/openai'])
})

test('one refusal of a watch changes nothing, and a gap is made good', async () => {
  watches.follow('shop')
  await until('watched', () => server.watchers(PATH) === 1)
  server.collections.set(PATH, [])
  server.forbidden.add(PATH)
  server.endWatches(PATH)
  await until('refused', () => server.refusals > 0)
  server.forbidden.delete(PATH)
  await until('listed again', () => changes.includes('gone shop/openai'))
  expect(changes).toEqual(['set shop/openai', 'gone shop/openai'])
})

test('a right that is taken away ends with what was read by it', async () => {
  watches.follow('shop')
  await until('watched', () => server.watchers(PATH) === 1)
  server.forbidden.add(PATH)
  server.endWatches(PATH)
  await until('forbidden', () => reason() === 'RefNotPermitted')
  expect(book.read(entry)).toBeUndefined()
})
