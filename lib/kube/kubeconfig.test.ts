import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadCluster, parseKubeconfig } from './kubeconfig.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const kubeconfig = (cluster: object, user: object | null = {}) =>
  stringify({
    'current-context': 'two',
    contexts: [
      { name: 'one', context: { cluster: 'one', user: 'one' } },
      { name: 'two', context: { cluster: 'two', user: 'two' } },
    ],
    clusters: [
      { name: 'one', cluster: { server: 'https://one' } },
      { name: 'two', cluster: { server: 'https://two/', ...cluster } },
    ],
    users: [{ name: 'two', user }],
  })

const base64 = (text: string) => Buffer.from(text).toString('base64')

test('the current context counts, and the server has no final slash', () => {
  expect(parseKubeconfig(kubeconfig({}))).toEqual({ server: 'https://two', insecure: false })
})

test('certificates and keys are decoded', () => {
  const text = kubeconfig(
    { 'certificate-authority-data': base64('CA'), 'insecure-skip-tls-verify': true },
    { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
  )
  expect(parseKubeconfig(text)).toEqual({
    server: 'https://two',
    insecure: true,
    ca: 'CA',
    clientCert: 'CERT',
    clientKey: 'KEY',
  })
})

test('paths are relative to the file', () => {
  writeFileSync(join(folder, 'ca.pem'), 'CA')
  writeFileSync(join(folder, 'token'), 'first\n')
  const text = kubeconfig({ 'certificate-authority': 'ca.pem' }, { tokenFile: 'token' })
  writeFileSync(join(folder, 'config'), text)
  const cluster = loadCluster(join(folder, 'config'))
  expect(cluster.ca).toBe('CA')
  expect(cluster.token?.()).toBe('first')
  writeFileSync(join(folder, 'token'), 'renewed\n')
  expect(cluster.token?.()).toBe('renewed')
})

test('a token is taken as it is', () => {
  expect(parseKubeconfig(kubeconfig({}, { token: 'abc' })).token?.()).toBe('abc')
})

test('a user entry without content is a user without credentials', () => {
  expect(parseKubeconfig(kubeconfig({}, null))).not.toHaveProperty('token')
})

test.each([
  ['an empty file', '', 'no current cluster'],
  ['a context that is not there', kubeconfig({}).replace('two', 'three'), 'no current cluster'],
  ['an exec plugin', kubeconfig({}, { exec: { command: 'aws' } }), 'exec is not supported'],
])('%s is refused', (_, text, message) => {
  expect(() => parseKubeconfig(text)).toThrow(message)
})

test('outside of a pod a kubeconfig is needed', () => {
  expect(() => loadCluster(undefined)).toThrow('KUBECONFIG is not set')
})
