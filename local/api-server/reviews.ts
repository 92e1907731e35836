import { isObject, type Json, type JsonObject } from './json.ts'
import { badRequest } from './status.ts'

/** A resource one can only create: a question to the server. */
export interface Review {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly answer: (spec: JsonObject, isToken: (token: string) => boolean) => JsonObject
}

const USER = { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] }

const allowed = (): JsonObject => ({ allowed: true, reason: 'whoever has the token may do all' })

const isAdmin = (spec: JsonObject): boolean =>
  spec.user === USER.username ||
  (Array.isArray(spec.groups) && spec.groups.includes('system:masters'))

/** The reviews the server answers. */
export const REVIEWS: readonly Review[] = [
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenReview',
    plural: 'tokenreviews',
    answer: ({ token }, isToken) =>
      typeof token === 'string' && isToken(token)
        ? { authenticated: true, user: USER }
        : { authenticated: false, error: 'the token is not known', user: {} },
  },
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectReview',
    plural: 'selfsubjectreviews',
    answer: () => ({ userInfo: USER }),
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SubjectAccessReview',
    plural: 'subjectaccessreviews',
    answer: (spec) => (isAdmin(spec) ? allowed() : { allowed: false }),
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectAccessReview',
    plural: 'selfsubjectaccessreviews',
    answer: allowed,
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    kind: 'SelfSubjectRulesReview',
    plural: 'selfsubjectrulesreviews',
    answer: () => ({
      incomplete: false,
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    }),
  },
]

/** Answers a review. @throws ApiError 400 when the body is none */
export const answerReview = (
  review: Review,
  body: Json,
  isToken: (token: string) => boolean,
): JsonObject => {
  if (!isObject(body)) throw badRequest(`a ${review.kind} is expected`)
  const spec = isObject(body.spec) ? body.spec : {}
  return {
    kind: review.kind,
    apiVersion: `${review.group}/${review.version}`,
    metadata: isObject(body.metadata) ? body.metadata : {},
    spec,
    status: review.answer(spec, isToken),
  }
}
