import { describe, expect, test } from 'vitest'
import type { CompiledCors } from '#config/compiled/api-route.ts'
import { createCors } from './cors.ts'

const ORIGIN = 'https://app.example'

const corsWith = (part: Partial<CompiledCors>) =>
  createCors({
    allowOrigins: [ORIGIN],
    allowMethods: ['GET', 'POST'],
    allowHeaders: [],
    exposeHeaders: [],
    allowCredentials: false,
    maxAgeSeconds: 5,
    ...part,
  })

/** A flat list as an object; fails on a doubled name. */
const toObject = (headers: readonly string[] | undefined) => {
  const object: Record<string, string | undefined> = {}
  for (let i = 0; headers && i < headers.length; i += 2) {
    expect(object).not.toHaveProperty(headers[i]!)
    object[headers[i]!] = headers[i + 1]
  }
  return object
}

describe('preflight', () => {
  test('a request without Origin or without a method asked for is not answered', () => {
    for (const cors of [corsWith({}), corsWith({ allowOrigins: ['*'] })]) {
      expect(cors.preflight(undefined, 'GET', undefined)).toBeUndefined()
      expect(cors.preflight(ORIGIN, undefined, undefined)).toBeUndefined()
    }
  })

  test('an allowed origin gets what the route allows', () => {
    const cors = corsWith({ allowHeaders: ['X-A', 'X-B'], exposeHeaders: ['X-C'] })
    expect(toObject(cors.preflight(ORIGIN, 'PUT', 'x-a'))).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'X-A, X-B',
      'access-control-max-age': '5',
      vary: 'Origin',
    })
  })

  test('another origin gets an answer without a single Access-Control header', () => {
    const cors = corsWith({ allowCredentials: true })
    expect(toObject(cors.preflight('https://evil.test', 'GET', undefined))).toEqual({
      vary: 'Origin',
    })
  })

  test('wildcards stay wildcards without credentials', () => {
    const cors = corsWith({ allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*'] })
    expect(toObject(cors.preflight(ORIGIN, 'PUT', 'x-a'))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
      'access-control-allow-headers': '*',
      'access-control-max-age': '5',
    })
  })

  test('with credentials, wildcards become what the client asked for', () => {
    const cors = corsWith({
      allowOrigins: ['*'],
      allowMethods: ['*'],
      allowHeaders: ['*'],
      allowCredentials: true,
    })
    expect(toObject(cors.preflight(ORIGIN, 'PUT', 'x-a, x-b'))).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-a, x-b',
      'access-control-max-age': '5',
      vary: 'Origin',
    })
    const bare = toObject(cors.preflight(ORIGIN, 'PUT', undefined))
    expect(bare).not.toHaveProperty('access-control-allow-headers')
  })

  test('what is no list of names is not echoed', () => {
    const cors = corsWith({ allowMethods: ['*'], allowHeaders: ['*'], allowCredentials: true })
    const answer = toObject(cors.preflight(ORIGIN, 'P T', 'x-a: 1'))
    expect(answer).not.toHaveProperty('access-control-allow-methods')
    expect(answer).not.toHaveProperty('access-control-allow-headers')
  })
})

describe('respond', () => {
  test('an allowed origin is echoed', () => {
    const cors = corsWith({ exposeHeaders: ['X-C', 'X-D'], allowCredentials: true })
    expect(toObject(cors.respond(ORIGIN))).toEqual({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'X-C, X-D',
      vary: 'Origin',
    })
  })

  test('no origin, or another one, gets Vary only', () => {
    expect(corsWith({}).respond(undefined)).toEqual(['vary', 'Origin'])
    expect(corsWith({}).respond('https://evil.test')).toEqual(['vary', 'Origin'])
  })

  test('all origins get the same answer without credentials', () => {
    const cors = corsWith({ allowOrigins: ['*'], exposeHeaders: ['*'] })
    expect(toObject(cors.respond(ORIGIN))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
    })
  })

  test('with credentials no wildcard is exposed', () => {
    const cors = corsWith({ exposeHeaders: ['*', 'X-C'], allowCredentials: true })
    expect(toObject(cors.respond(ORIGIN))['access-control-expose-headers']).toBe('X-C')
  })
})

test('every Access-Control header that is written replaces the one of the backend', () => {
  const cors = corsWith({ allowHeaders: ['X-A'], exposeHeaders: ['X-C'], allowCredentials: true })
  const written = [...(cors.preflight(ORIGIN, 'GET', 'x-a') ?? []), ...cors.respond(ORIGIN)]
  const names = written.filter((_, i) => i % 2 === 0 && written[i] !== 'vary')
  expect([...new Set(names)].sort()).toEqual([...cors.replaces].sort())
})
