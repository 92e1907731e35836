import { describe, expect, it } from 'vitest'
import type { CompiledBackend } from '#config/compiled/api-route.ts'
import { createAddressBook, type KnativeService, type Service } from './address-book.ts'

const metadata = { namespace: 'ns', name: 'web' }
const service = (spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  ...(spec && { spec }),
})
const knative = (url?: string): KnativeService => ({
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata,
  ...(url && { status: { address: { url } } }),
})
const web: CompiledBackend = { kind: 'Service', name: 'web', port: 80 }
const http = (host: string, port: number) => ({ protocol: 'http', host, port })

describe('a Service', () => {
  it.each([
    [
      'has a cluster IP',
      { clusterIP: '10.0.0.1', ports: [{ port: 80, targetPort: 8080 }] },
      { target: http('10.0.0.1', 80) },
    ],
    [
      'has an IPv6 cluster IP',
      { clusterIP: 'fd00::1', ports: [{ port: 80 }] },
      { target: http('fd00::1', 80) },
    ],
    [
      'is headless',
      { clusterIP: 'None', ports: [{ port: 80, targetPort: 8080 }] },
      { target: http('web.ns.svc.cluster.local', 8080) },
    ],
    [
      'is headless with a named port',
      { clusterIP: 'None', ports: [{ port: 80, targetPort: 'http' }] },
      { target: http('web.ns.svc.cluster.local', 80) },
    ],
    [
      'stands for a name outside',
      { type: 'ExternalName', externalName: 'a.test' },
      { target: http('a.test', 80), host: 'a.test' },
    ],
    [
      'lacks the port',
      { clusterIP: '10.0.0.1', ports: [{ port: 81 }] },
      { problem: { reason: 'BackendNotFound', message: 'Service web has no port 80' } },
    ],
    [
      'speaks HTTP/2 only',
      { clusterIP: '10.0.0.1', ports: [{ port: 80, appProtocol: 'kubernetes.io/h2c' }] },
      {
        problem: { reason: 'UnsupportedProtocol', message: 'Service web port 80 speaks h2c only' },
      },
    ],
    [
      'says nothing',
      undefined,
      { problem: { reason: 'BackendNotFound', message: 'Service web has no port 80' } },
    ],
  ] as [string, Service['spec'], object][])('that %s', (_, spec, expected) => {
    const book = createAddressBook()
    book.set('Service', service(spec))
    expect(book.resolve('ns', web)).toEqual(expected)
  })

  it('is looked for in the namespace of the route, under its kind', () => {
    const book = createAddressBook()
    book.set('Service', service({ clusterIP: '10.0.0.1', ports: [{ port: 80 }] }))
    const missing = { reason: 'BackendNotFound', message: 'Service web not found' }
    expect(book.resolve('other', web)).toEqual({ problem: missing })
    expect(book.resolve('ns', { kind: 'KnativeService', name: 'web' })).toMatchObject({
      problem: { message: 'Knative Service web not found' },
    })
    expect([...book.names('Service')]).toEqual(['Service/ns/web'])
    book.delete('Service', service({}))
    expect(book.resolve('ns', web)).toEqual({ problem: missing })
    expect([...book.names('Service')]).toEqual([])
  })
})

describe('a Knative Service', () => {
  it.each([
    [
      'http://web.ns.svc.cluster.local',
      { target: http('web.ns.svc.cluster.local', 80), host: 'web.ns.svc.cluster.local' },
    ],
    [
      'https://a.test:8443/x',
      { target: { protocol: 'https', host: 'a.test', port: 8443 }, host: 'a.test:8443' },
    ],
    [
      undefined,
      { problem: { reason: 'BackendNotFound', message: 'Knative Service web has no address yet' } },
    ],
  ])('with the address %s', (url, expected) => {
    const book = createAddressBook()
    book.set('KnativeService', knative(url))
    expect(book.resolve('ns', { kind: 'KnativeService', name: 'web' })).toEqual(expected)
  })
})

describe('a URL', () => {
  it.each([
    ['http', 'a.test', 80, 'a.test'],
    ['http', 'a.test', 8080, 'a.test:8080'],
    ['https', 'a.test', 443, 'a.test'],
    ['https', 'a.test', 80, 'a.test:80'],
    ['http', 'fd00::1', 80, '[fd00::1]'],
    ['http', 'fd00::1', 81, '[fd00::1]:81'],
  ] as const)('is dialled as it is: %s %s %d', (protocol, host, port, name) => {
    const address = createAddressBook().resolve('ns', { kind: 'URL', protocol, host, port })
    expect(address).toEqual({ target: { protocol, host, port }, host: name })
  })
})
