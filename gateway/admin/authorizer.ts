import { createHash } from 'node:crypto'
import type { KubeClient } from '#lib/kube/client.ts'

interface User {
  readonly username: string
  readonly groups?: string[]
}
interface TokenReview {
  status?: { authenticated?: boolean; user?: User; audiences?: string[] }
}
interface SubjectAccessReview {
  status?: { allowed?: boolean }
}

/** Of tokens that are good for nothing but the admin listener, in case one falls into other hands. */
const AUDIENCE = 'penstock-gateway'
const CACHE_MS = 60_000
const MAX_CACHED = 256

/**
 * Asks the API server who bears a token, made for the gateway or for the API server itself, and
 * whether RBAC lets them `get` a path as a nonResourceURL. Answers are kept for a minute, by the
 * token's hash.
 */
export const createAuthorizer = (client: KubeClient) => {
  const cache = new Map<string, { allowed: boolean; until: number }>()

  const identify = async (token: string, audience?: string): Promise<User | undefined> => {
    const spec = { token, ...(audience && { audiences: [audience] }) }
    const { status } = await client.call<TokenReview>(
      'POST',
      '/apis/authentication.k8s.io/v1/tokenreviews',
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec },
    )
    if (!status?.authenticated) return undefined
    // A server that knows no audiences says nothing of them.
    return audience === undefined || status.audiences?.includes(audience) ? status.user : undefined
  }

  const review = async (token: string, path: string): Promise<boolean> => {
    const found = (await identify(token, AUDIENCE)) ?? (await identify(token))
    if (!found) return false
    const { username: user, groups = [] } = found
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
