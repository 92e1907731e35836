import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCertificateStore, type TlsSecret } from './certificate-store.ts'

const read = (file: string) =>
  readFileSync(new URL(`../../test/fixtures/tls/${file}`, import.meta.url)).toString('base64')

const toSecret = (name: string, identity: string): TlsSecret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data: { 'tls.crt': read(`${identity}.pem`), 'tls.key': read(`${identity}.key`) },
})

describe('a certificate', () => {
  it.each([
    ['a.test', true],
    ['A.TEST', true],
    ['x.b.test', true],
    ['x.y.b.test', false],
    ['b.test', false],
    ['x.a.test', false],
    ['', false],
  ])('for a.test and *.b.test is found for %s: %s', (name, found) => {
    const store = createCertificateStore()
    store.set(toSecret('s', 'first'))
    expect(store.find(name) !== undefined).toBe(found)
  })

  it('is replaced when it is rotated, and gone when its Secret is', () => {
    const store = createCertificateStore()
    store.set(toSecret('s', 'first'))
    const before = store.find('a.test')
    store.set(toSecret('s', 'second'))
    expect(store.find('a.test')).not.toBe(before)
    expect(store.find('x.b.test')).toBeUndefined()
    store.delete('s')
    expect(store.find('a.test')).toBeUndefined()
  })

  it('stays when what comes after it cannot be read', () => {
    const store = createCertificateStore()
    store.set(toSecret('s', 'first'))
    const before = store.find('a.test')
    const broken = { ...toSecret('s', 'second'), data: { 'tls.crt': 'bm9uZQ==' } }
    expect(() => store.set(broken)).toThrow()
    const mixed = toSecret('s', 'second')
    mixed.data = { ...mixed.data, 'tls.key': read('first.key') }
    expect(() => store.set(mixed)).toThrow()
    expect(store.find('a.test')).toBe(before)
  })

  it('of two for one name is that of the first Secret by name, whichever came first', () => {
    const secrets = [toSecret('s1', 'first'), toSecret('s2', 'second')]
    const chosen = [secrets, secrets.toReversed()].map((order) => {
      const store = createCertificateStore()
      for (const secret of order) store.set(secret)
      const both = store.find('a.test')
      store.delete('s2')
      return store.find('a.test') === both
    })
    expect(chosen).toEqual([true, true])
  })
})
