import { expect, test } from 'vitest'
import { createRedirect, type RedirectedRequest } from './redirect.ts'

const request: RedirectedRequest = {
  scheme: 'http',
  host: 'api.example.com',
  port: undefined,
  path: '/foo/x',
  query: '?a=1&b=%20',
  matchedPrefix: '/foo',
}

test('what is not given stays as the client asked for it', () => {
  expect(createRedirect({ statusCode: 302 })(request)).toEqual({
    status: 302,
    location: 'http://api.example.com/foo/x?a=1&b=%20',
  })
})

test('host, path and status are taken from the route, the query from the request', () => {
  const redirect = createRedirect({
    statusCode: 308,
    hostname: 'new.example.com',
    path: { type: 'ReplacePrefixMatch', value: '/v2' },
  })
  expect(redirect(request)).toEqual({
    status: 308,
    location: 'http://new.example.com/v2/x?a=1&b=%20',
  })
})

// Gateway API: HTTPRequestRedirectFilter.port.
test.each([
  // redirect scheme, redirect port, request scheme, request port, location
  [undefined, undefined, 'http', undefined, 'http://h'],
  [undefined, undefined, 'http', 80, 'http://h'],
  [undefined, undefined, 'http', 8080, 'http://h:8080'],
  [undefined, undefined, 'https', 443, 'https://h'],
  [undefined, undefined, 'https', 8443, 'https://h:8443'],
  [undefined, undefined, 'https', 80, 'https://h:80'],
  ['https', undefined, 'http', 8080, 'https://h'],
  ['https', undefined, 'https', 8443, 'https://h'],
  ['http', undefined, 'http', 8080, 'http://h'],
  ['https', 443, 'http', 80, 'https://h'],
  ['https', 8443, 'http', 80, 'https://h:8443'],
  ['https', 80, 'http', 80, 'https://h:80'],
  ['http', 80, 'https', 443, 'http://h'],
  [undefined, 80, 'http', 8080, 'http://h'],
  [undefined, 443, 'http', 8080, 'http://h:443'],
  [undefined, 9000, 'https', 443, 'https://h:9000'],
] as const)(
  'scheme %s and port %s on %s port %s give %s',
  (...[scheme, port, own, ownPort, location]) => {
    const redirect = createRedirect({
      statusCode: 301,
      ...(scheme && { scheme }),
      ...(port && { port }),
    })
    const from = { ...request, scheme: own, port: ownPort, host: 'h', path: '/', query: '' }
    expect(redirect(from).location).toBe(`${location}/`)
  },
)

test('an IPv6 host keeps its brackets', () => {
  const from = { ...request, host: '[::1]', port: 8080 }
  expect(createRedirect({ statusCode: 302 })(from).location).toBe(
    'http://[::1]:8080/foo/x?a=1&b=%20',
  )
})
