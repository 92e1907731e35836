/** How a field becomes JSON. */
export type FieldType =
  | 'string'
  | 'bytes'
  | 'int'
  | 'bool'
  | 'time'
  | 'intOrString'
  | 'map'
  | 'bytesMap'
  | { readonly message: Message }
  | { readonly list: 'string' | { readonly message: Message } }

/** The fields of a message by their numbers. */
export type Message = Readonly<Record<number, readonly [name: string, type: FieldType]>>

const OWNER: Message = {
  1: ['kind', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['controller', 'bool'],
  7: ['blockOwnerDeletion', 'bool'],
}

const META: Message = {
  1: ['name', 'string'],
  2: ['generateName', 'string'],
  3: ['namespace', 'string'],
  5: ['uid', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['generation', 'int'],
  8: ['creationTimestamp', 'time'],
  9: ['deletionTimestamp', 'time'],
  11: ['labels', 'map'],
  12: ['annotations', 'map'],
  13: ['ownerReferences', { list: { message: OWNER } }],
  14: ['finalizers', { list: 'string' }],
}

const withMeta = (fields: Message): Message => ({ 1: ['metadata', { message: META }], ...fields })

const NAMED: Message = { 1: ['name', 'string'] }

const REFERENCE: Message = {
  1: ['kind', 'string'],
  2: ['namespace', 'string'],
  3: ['name', 'string'],
  4: ['uid', 'string'],
  5: ['apiVersion', 'string'],
  6: ['resourceVersion', 'string'],
  7: ['fieldPath', 'string'],
}

const SERVICE_PORT: Message = {
  1: ['name', 'string'],
  2: ['protocol', 'string'],
  3: ['port', 'int'],
  4: ['targetPort', 'intOrString'],
  5: ['nodePort', 'int'],
  6: ['appProtocol', 'string'],
}

const SERVICE_SPEC: Message = {
  1: ['ports', { list: { message: SERVICE_PORT } }],
  2: ['selector', 'map'],
  3: ['clusterIP', 'string'],
  4: ['type', 'string'],
  5: ['externalIPs', { list: 'string' }],
  7: ['sessionAffinity', 'string'],
  8: ['loadBalancerIP', 'string'],
  10: ['externalName', 'string'],
  11: ['externalTrafficPolicy', 'string'],
  13: ['publishNotReadyAddresses', 'bool'],
  17: ['ipFamilyPolicy', 'string'],
  18: ['clusterIPs', { list: 'string' }],
  19: ['ipFamilies', { list: 'string' }],
}

const PRECONDITIONS: Message = { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] }

const ACCESS_REVIEW_SPEC: Message = { 3: ['user', 'string'], 4: ['groups', { list: 'string' }] }

/**
 * The kinds that kubectl's imperative commands (`kubectl create namespace`, ...) send as protobuf.
 * Numbers: https://github.com/kubernetes/api/blob/master/core/v1/generated.proto
 */
export const MESSAGES: Readonly<Record<string, Message>> = {
  'v1 ConfigMap': withMeta({
    2: ['data', 'map'],
    3: ['binaryData', 'bytesMap'],
    4: ['immutable', 'bool'],
  }),
  'v1 Secret': withMeta({
    2: ['data', 'bytesMap'],
    3: ['type', 'string'],
    4: ['stringData', 'map'],
    5: ['immutable', 'bool'],
  }),
  'v1 Namespace': withMeta({}),
  'v1 Service': withMeta({ 2: ['spec', { message: SERVICE_SPEC }] }),
  'v1 ServiceAccount': withMeta({
    2: ['secrets', { list: { message: REFERENCE } }],
    3: ['imagePullSecrets', { list: { message: NAMED } }],
    4: ['automountServiceAccountToken', 'bool'],
  }),
  // Reviews: what they ask about does not matter to the answer.
  'authentication.k8s.io/v1 SelfSubjectReview': {},
  'authentication.k8s.io/v1 TokenReview': { 2: ['spec', { message: { 1: ['token', 'string'] } }] },
  'authorization.k8s.io/v1 SelfSubjectAccessReview': {},
  'authorization.k8s.io/v1 SelfSubjectRulesReview': {},
  'authorization.k8s.io/v1 SubjectAccessReview': { 2: ['spec', { message: ACCESS_REVIEW_SPEC }] },
}

/** Options of a deletion; every group has them in its own version. */
export const DELETE_OPTIONS: Message = {
  1: ['gracePeriodSeconds', 'int'],
  2: ['preconditions', { message: PRECONDITIONS }],
  4: ['propagationPolicy', 'string'],
  5: ['dryRun', { list: 'string' }],
}
