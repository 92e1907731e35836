import { createHash } from 'node:crypto'
import type { KubeClient } from '#lib/kube/client.ts'

interface TokenReview {
  status?: { authenticated?: boolean; user?: { username: string; groups?: string[] } }
}
interface SubjectAccessReview {
  status?: { allowed?: boolean }
}

const CACHE_MS = 60_000
const MAX_CACHED = 256

/**
 * Asks the API server who bears a token and whether RBAC lets them `get` a path as a
 * nonResourceURL. Answers are kept for a minute, by the token's hash.
 */
export const createAuthorizer = (client: KubeClient) => {
  const cache = new Map<string, { allowed: boolean; until: number }>()

  const review = async (token: string, path: string): Promise<boolean> => {
    const { status } = await client.call<TokenReview>(
      'POST',
      '/apis/authentication.k8s.io/v1/tokenreviews',
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } },
    )
    if (!(status?.authenticated && status.user)) return false
    const { username: user, groups = [] } = status.user
    const access = await client.call<SubjectAccessReview>(
      'POST',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user, groups, nonResourceAttributes: { path, verb: 'get' } },
      },
    )
    return access.status?.allowed === true
  }

  return async (token: string, path: string): Promise<boolean> => {
    const key = createHash('sha256').update(`${path}\n${token}`).digest('hex')
    const cached = cache.get(key)
    if (cached && cached.until > performance.now()) return cached.allowed
    const allowed = await review(token, path)
    if (cache.size >= MAX_CACHED) cache.clear()
    cache.set(key, { allowed, until: performance.now() + CACHE_MS })
    return allowed
  }
}
