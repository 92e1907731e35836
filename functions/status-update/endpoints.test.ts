import { expect, test } from 'vitest'
import { type EndpointSlice, toReplicas } from './endpoints.ts'

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number]

const slice = (endpoints: Endpoint[], change: Partial<EndpointSlice> = {}): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'a' },
  addressType: 'IPv4',
  ports: [{ name: 'admin', port: 8081 }],
  endpoints,
  ...change,
})
const pod = (name: string, address: string, ready?: boolean): Endpoint => ({
  addresses: [address],
  targetRef: { name },
  ...(ready !== undefined && { conditions: { ready } }),
})

test.each<[string, EndpointSlice[], string[]]>([
  [
    'ready ones only',
    [slice([pod('a', '10.0.0.1', true), pod('b', '10.0.0.2', false)])],
    ['a http://10.0.0.1:8081'],
  ],
  ['one whose readiness is not told', [slice([pod('a', '10.0.0.1')])], ['a http://10.0.0.1:8081']],
  [
    'those of all slices',
    [slice([pod('a', '10.0.0.1')]), slice([pod('b', '10.0.0.2')])],
    ['a http://10.0.0.1:8081', 'b http://10.0.0.2:8081'],
  ],
  [
    'an IPv6 address in brackets',
    [slice([pod('a', 'fd00::1')], { addressType: 'IPv6' })],
    ['a http://[fd00::1]:8081'],
  ],
  [
    'a pod of two families once',
    [slice([pod('a', '10.0.0.1')]), slice([pod('a', 'fd00::1')], { addressType: 'IPv6' })],
    ['a http://[fd00::1]:8081'],
  ],
  [
    'an endpoint without a pod by its address',
    [slice([{ addresses: ['10.0.0.1'] }])],
    ['10.0.0.1 http://10.0.0.1:8081'],
  ],
  [
    'the admin port',
    [
      slice([pod('a', '10.0.0.1')], {
        ports: [
          { name: 'http', port: 80 },
          { name: 'admin', port: 81 },
        ],
      }),
    ],
    ['a http://10.0.0.1:81'],
  ],
  [
    'an only port, whatever its name',
    [slice([pod('a', '10.0.0.1')], { ports: [{ port: 82 }] })],
    ['a http://10.0.0.1:82'],
  ],
  ['nothing without a port', [slice([pod('a', '10.0.0.1')], { ports: [] })], []],
  [
    'nothing without an address',
    [slice([{ addresses: [] }]), { ...slice([]), metadata: { name: 'b' } }],
    [],
  ],
])('%s', (_, slices, expected) => {
  expect(toReplicas(slices).map(({ name, url }) => `${name} ${url}`)).toEqual(expected)
})
