import { expect, test } from 'vitest'
import type { KubeClient } from '#lib/kube/client.ts'
import { createAuthorizer } from './authorizer.ts'

interface Review {
  spec: { token?: string; audiences?: string[]; user?: string }
}

/** Audience of each token that is good. */
const TOKENS: Record<string, string> = { own: 'penstock-gateway', api: 'kubernetes' }

/** An API server that lets `bearer of ...` read `/config`. */
const start = ({ knowsAudiences = true } = {}) => {
  let calls = 0
  const reviewToken = ({ spec: { token = '', audiences } }: Review) => {
    const audience = TOKENS[token]
    const wanted = knowsAudiences ? (audiences ?? ['kubernetes']) : undefined
    if (!audience || wanted?.includes(audience) === false) return { authenticated: false }
    const user = { username: `bearer of ${token}` }
    return { authenticated: true, user, ...(wanted && { audiences: [audience] }) }
  }
  const call = async (_method: string, path: string, review: Review) => {
    calls += 1
    if (path.endsWith('/tokenreviews')) return { status: reviewToken(review) }
    return { status: { allowed: review.spec.user?.startsWith('bearer of ') } }
  }
  const isAllowed = createAuthorizer({ call } as unknown as KubeClient)
  return { isAllowed, calls: () => calls }
}

test.each([
  ['a token made for the gateway', 'own', true],
  ['a token made for the API server', 'api', true],
  ['another', 'forged', false],
])('%s is let in as far as RBAC goes', async (_, token, expected) => {
  expect(await start().isAllowed(token, '/config')).toBe(expected)
})

test('an API server without audiences is asked for its own tokens', async () => {
  const { isAllowed } = start({ knowsAudiences: false })
  expect(await isAllowed('api', '/config')).toBe(true)
  expect(await isAllowed('forged', '/config')).toBe(false)
})

test('an answer holds for a while, for its own path', async () => {
  const { isAllowed, calls } = start()
  await isAllowed('own', '/config')
  const before = calls()
  await isAllowed('own', '/config')
  expect(calls()).toBe(before)
  await isAllowed('own', '/timelines')
  expect(calls()).toBeGreaterThan(before)
})
