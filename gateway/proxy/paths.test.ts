import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Backend, startBackend } from '#test/fixtures/backend.ts'
import { startTestGateway, type TestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw } from '#test/fixtures/raw-client.ts'

let backend: Backend
let gateway: TestGateway

beforeAll(async () => {
  backend = await startBackend()
  gateway = await startTestGateway({
    routes: [
      { name: 'public', prefix: '/public', to: backend.port },
      {
        name: 'admin',
        prefix: '/admin',
        responseHeaders: { set: [], add: [['x-route', 'admin']], remove: [] },
        to: backend.port,
      },
    ],
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const get = async (target: string) => {
  backend.seen.length = 0
  using client = await connectRaw(gateway.port)
  client.send(`GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`)
  const text = await client.closed
  return { status: Number(text.slice(9, 12)), text, seen: backend.seen.map(({ url }) => url) }
}

it.each([
  ['/public', '/public'],
  ['/public/', '/public/'],
  ['/public/a/../b', '/public/b'],
  ['/public/./b', '/public/b'],
  ['/public//b', '/public/b'],
  ['//public/b', '/public/b'],
  ['/public/%61', '/public/a'],
  ['/public/a%2fb', '/public/a%2Fb'],
  ['/public/%2e%2e%2fb', '/public/..%2Fb'],
  ['/public/a%20b', '/public/a%20b'],
  ['/public/a;b=c', '/public/a;b=c'],
  ['/public?a=/../b', '/public?a=/../b'],
  ['/public?', '/public'],
  ['/public?a?b', '/public?a?b'],
  ['http://a.test/public/x', '/public/x'],
])('takes %s for %s, and that is what the backend sees', async (target, url) => {
  expect(await get(target)).toMatchObject({ status: 200, seen: [url] })
})

it.each(['/public/../admin', '/public/%2e%2e/admin', '/public/.%2E//admin', '/%61dmin'])(
  'matches %s by where it leads',
  async (target) => {
    const { text, seen } = await get(target)
    expect(text).toMatch(/^x-route: admin$/m)
    expect(seen).toEqual(['/admin'])
  },
)

it.each([
  '/..',
  '/public/../../admin',
  '/%2e%2e/admin',
  '/public/%00',
  '/public/%0d%0aX:%20y',
  '/public/a\\b',
  '/public/%5c..',
  '/public/%',
  '/public/%zz',
  '/public#a',
  '/public?a#b',
  'public',
  '*',
  'ftp://a.test/public',
  'http:///public',
])('answers %s with 400', async (target) => {
  expect(await get(target)).toMatchObject({ status: 400, seen: [] })
})

it('answers what no route matches with 404, and keeps the connection', async () => {
  using client = await connectRaw(gateway.port)
  client.send('GET /publicity HTTP/1.1\r\nHost: a.test\r\n\r\n')
  expect(await client.until((text) => text.endsWith('}'))).toMatch(/^HTTP\/1\.1 404 /)
  client.send('GET /public HTTP/1.1\r\nHost: a.test\r\n\r\n')
  await client.until((text) => text.endsWith('ok'))
})
