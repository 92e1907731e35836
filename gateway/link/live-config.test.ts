import { describe, expect, it } from 'vitest'
import type { Served } from '#config/compiled/events.ts'
import { routeFragment } from '#test/fixtures/gateway.ts'
import { createAddressBook, type Service } from './address-book.ts'
import type { BuiltIn } from './built-in.ts'
import type { LinkedRoute } from './linked-route.ts'
import { createLiveConfig } from './live-config.ts'
import { createModelTable } from './model-table.ts'
import { createPolicyTable } from './policy-table.ts'
import { createPromptTable } from './prompt-table.ts'
import { createRouteTable } from './route-table.ts'
import { createSecretBook } from './secret-book.ts'

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'default', name: 'web' },
  spec: { clusterIP: '10.0.0.1', ports: [{ port: 80 }] },
}
const toWeb = {
  backends: [{ weight: 1, backend: { kind: 'Service', name: 'web', port: 80 } }],
} as const
const key = 'APIRoute/default/route'
const objectKey = { kind: 'APIRoute', namespace: 'default', name: 'route' }
const version = { ...objectKey, uid: 'uid-route', generation: 1 }

const toRoute = (value: LinkedRoute | BuiltIn | undefined): LinkedRoute | undefined =>
  value && 'serve' in value ? undefined : value

const start = () => {
  const changes: Served[] = []
  const addresses = createAddressBook()
  const sharedNamespace = 'penstock-system'
  const routes = createRouteTable(addresses)
  const models = createModelTable(createSecretBook(() => undefined))
  const policies = createPolicyTable({ models, sharedNamespace })
  const prompts = createPromptTable({
    scope: { models, policies, sharedNamespace },
    endpoints: routes.endpoints,
    createEndpoint: () => ({ call: () => undefined, describe: () => undefined }),
  })
  const tables = {
    APIRoute: routes,
    AIModelConfig: models,
    LLMRoutingPolicy: policies,
    PromptTemplate: prompts,
  }
  const config = createLiveConfig({
    tables,
    onChange: (served) => changes.push(served),
  })
  const match = (path: string): LinkedRoute | undefined =>
    toRoute(routes.match({ method: 'GET', host: '', path, query: '', headers: {} })?.value)
  return { changes, addresses, config, routes, match }
}

describe('the live configuration', () => {
  it('serves a newer generation in place of an older one', () => {
    const { config, match, changes } = start()
    config.apply(routeFragment({ prefix: '/a', generation: 1 }))
    config.apply(routeFragment({ prefix: '/b', generation: 2 }))
    expect(match('/a')).toBeUndefined()
    expect(match('/b')?.fragment.generation).toBe(2)
    expect(changes.map(({ generation }) => generation)).toEqual([1, 2])
  })

  it('never goes back to an older generation', () => {
    const { config, match, changes } = start()
    config.apply(routeFragment({ prefix: '/b', generation: 2 }))
    config.apply(routeFragment({ prefix: '/a', generation: 1 }))
    expect(match('/a')).toBeUndefined()
    expect(match('/b')).toBeDefined()
    expect(changes).toHaveLength(1)
  })

  it('starts over with an object that was created anew', () => {
    const { config, match } = start()
    config.apply(routeFragment({ prefix: '/a', generation: 7, uid: 'old' }))
    config.apply(routeFragment({ prefix: '/b', generation: 1, uid: 'new' }))
    expect(match('/a')).toBeUndefined()
    expect(match('/b')).toBeDefined()
  })

  it('takes the same generation compiled differently', () => {
    const { config, match } = start()
    config.apply(routeFragment({ prefix: '/a' }))
    config.apply(routeFragment({ prefix: '/b' }))
    expect(match('/b')).toBeDefined()
  })

  it('does nothing for what it serves already', () => {
    const { config, match, changes } = start()
    config.apply(routeFragment())
    const before = match('/')
    config.apply(routeFragment())
    expect(match('/')).toBe(before)
    expect(changes).toHaveLength(1)
  })

  it.each([
    [
      'a header that cannot be edited',
      { requestHeaders: { set: [['Host', 'x']], add: [], remove: [] } },
    ],
    [
      'an expression that is none',
      {
        matches: [
          { path: { type: 'RegularExpression', value: '(' }, headers: [], queryParams: [] },
        ],
      },
    ],
    [
      'an origin that is none',
      {
        cors: {
          allowOrigins: ['x'],
          allowMethods: [],
          allowHeaders: [],
          exposeHeaders: [],
          allowCredentials: false,
          maxAgeSeconds: 0,
        },
      },
    ],
  ])('keeps the last good form when the next has %s', (_, broken) => {
    const { config, match, changes } = start()
    config.apply(routeFragment({ prefix: '/a', generation: 1 }))
    config.apply(routeFragment({ prefix: '/b', generation: 2, ...(broken as object) }))
    expect(match('/a')).toBeDefined()
    expect(changes.at(-1)).toMatchObject({ generation: 1, problems: [{ reason: 'NotLinked' }] })
    expect(config.served()).toEqual([changes.at(-1)])
    config.apply(routeFragment({ prefix: '/c', generation: 3 }))
    expect(match('/c')).toBeDefined()
    expect(changes.at(-1)).toMatchObject({ generation: 3, problems: [] })
  })

  it('tells once that an object was rejected, and that it is whole again', () => {
    const { config, changes } = start()
    config.apply(routeFragment())
    config.reject(version, { reason: 'NotRead', message: 'no' })
    config.reject(version, { reason: 'NotRead', message: 'no' })
    expect(changes.map(({ problems }) => problems.length)).toEqual([0, 1])
    config.apply(routeFragment())
    expect(changes.at(-1)?.problems).toEqual([])
  })

  it.each([
    ['its first generation', []],
    ['an object that takes the place of another', [routeFragment({ uid: 'another' })]],
  ])('tells that nothing is served of %s when that is rejected', (_, before) => {
    const { config, changes, match } = start()
    for (const fragment of before) config.apply(fragment)
    const problems = [{ reason: 'NotRead', message: 'no' }]
    config.reject(version, problems[0]!)
    expect(changes.at(-1)).toEqual({ ...version, generation: 0, hash: '', problems })
    expect(config.served()).toEqual([changes.at(-1)])
    config.apply(routeFragment({ prefix: '/good' }))
    expect(match('/good')).toBeDefined()
    expect(config.served()).toEqual([changes.at(-1)])
    expect(changes.at(-1)).toMatchObject({ uid: 'uid-route', generation: 1, problems: [] })
  })

  it('forgets that it rejected what is removed', () => {
    const { config } = start()
    config.reject(version, { reason: 'NotRead', message: 'no' })
    config.remove(objectKey)
    expect(config.served()).toEqual([])
  })

  it('does not know what it never served', () => {
    const { config, changes } = start()
    config.remove(objectKey)
    config.relink('Service/default/web')
    expect(changes).toEqual([])
    expect(config.served()).toEqual([])
  })

  it('forgets what is removed', () => {
    const { config, match, routes } = start()
    config.apply(routeFragment())
    config.remove(objectKey)
    expect(match('/')).toBeUndefined()
    expect([...routes.keys()]).toEqual([])
    expect(routes.size).toBe(0)
  })

  it('leaves other objects alone', () => {
    const { config, match } = start()
    config.apply(routeFragment({ name: 'a', prefix: '/a' }))
    config.apply(routeFragment({ name: 'b', prefix: '/b' }))
    const before = match('/a')
    config.apply(routeFragment({ name: 'b', prefix: '/c', generation: 2 }))
    config.remove({ ...objectKey, name: 'b' })
    expect(match('/a')).toBe(before)
  })
})

describe('a route that names a Service', () => {
  it('follows it: missing, found, changed, gone', () => {
    const { config, addresses, changes, routes } = start()
    config.apply(routeFragment(toWeb as never))
    expect(routes.get(key)?.pick()).toBeUndefined()
    expect(changes.at(-1)?.problems).toEqual([
      { reason: 'BackendNotFound', message: 'Service web not found' },
    ])

    addresses.set('Service', service)
    config.relink('Service/default/web')
    expect(routes.get(key)?.pick()?.target).toEqual({
      protocol: 'http',
      host: '10.0.0.1',
      port: 80,
    })
    expect(changes.at(-1)?.problems).toEqual([])

    const moved: Service = { ...service, spec: { ...service.spec, clusterIP: '10.0.0.2' } }
    addresses.set('Service', moved)
    config.relink('Service/default/web')
    expect(routes.get(key)?.pick()?.target.host).toBe('10.0.0.2')
    expect(changes).toHaveLength(2)

    addresses.delete('Service', service)
    config.relink('Service/default/web')
    expect(routes.get(key)?.pick()).toBeUndefined()
    expect(changes).toHaveLength(3)
  })

  it('is not touched by another, nor by one it named before', () => {
    const { config, routes } = start()
    config.apply(routeFragment(toWeb as never))
    const before = routes.get(key)
    config.relink('Service/default/other')
    expect(routes.get(key)).toBe(before)
    config.apply(routeFragment({ generation: 2 }))
    const after = routes.get(key)
    config.relink('Service/default/web')
    expect(routes.get(key)).toBe(after)
  })

  it('keeps its counters and its retry budget', () => {
    const { config, addresses, routes } = start()
    const budget = { percent: 1, intervalMs: 1, minRetryRate: 1 }
    const retry = { attempts: 1, codes: [], backoffMs: 1, methods: [], budget }
    config.apply(routeFragment({ ...(toWeb as object), retry }))
    const before = routes.get(key)
    addresses.set('Service', service)
    config.relink('Service/default/web')
    expect(routes.get(key)?.stats).toBe(before?.stats)
    expect(routes.get(key)?.retry).toBe(before?.retry)
    config.apply(routeFragment({ retry: { ...retry, attempts: 2 }, generation: 2 }))
    expect(routes.get(key)?.stats).toBe(before?.stats)
    expect(routes.get(key)?.retry).not.toBe(before?.retry)
  })
})
