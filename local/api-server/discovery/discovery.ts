import type { JsonObject } from '../json.ts'
import type { Registry } from '../registry/registry.ts'
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts'
import { REVIEWS, type Review } from '../reviews.ts'

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const STATUS_VERBS = ['get', 'patch', 'update']

const resourcesOf = (type: ResourceType): JsonObject[] => [
  {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: VERBS,
    ...(type.shortNames.length > 0 && { shortNames: [...type.shortNames] }),
    ...(type.categories.length > 0 && { categories: [...type.categories] }),
  },
  ...(type.hasStatus
    ? [
        {
          name: `${type.plural}/status`,
          singularName: '',
          namespaced: type.namespaced,
          kind: type.kind,
          verbs: STATUS_VERBS,
        },
      ]
    : []),
]

const reviewResource = (review: Review): JsonObject => ({
  name: review.plural,
  singularName: review.kind.toLowerCase(),
  namespaced: false,
  kind: review.kind,
  verbs: ['create'],
})

/** The versions of each group, in the order they were added. */
const versionsByGroup = (registry: Registry): Map<string, string[]> => {
  const groups = new Map<string, string[]>()
  for (const { group, version } of [...registry.types, ...REVIEWS]) {
    const versions = groups.get(group) ?? []
    if (!versions.includes(version)) versions.push(version)
    groups.set(group, versions)
  }
  return groups
}

const groupOf = (group: string, versions: readonly string[]): JsonObject => {
  const list = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }))
  return { name: group, versions: list, preferredVersion: list[0] ?? {} }
}

/** `/api` */
export const coreVersions = (): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
})

/** `/apis` */
export const groupList = (registry: Registry): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [...versionsByGroup(registry)]
    .filter(([group]) => group !== '')
    .map(([group, versions]) => groupOf(group, versions)),
})

/** `/apis/<group>`; undefined when there is no such group. */
export const oneGroup = (registry: Registry, group: string): JsonObject | undefined => {
  const versions = versionsByGroup(registry).get(group)
  return versions && { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, versions) }
}

/** `/api/v1`, `/apis/<group>/<version>`; undefined when there is no such version. */
export const resourceList = (
  registry: Registry,
  group: string,
  version: string,
): JsonObject | undefined => {
  const isHere = (type: { group: string; version: string }): boolean =>
    type.group === group && type.version === version
  const resources = [
    ...registry.types.filter(isHere).flatMap(resourcesOf),
    ...REVIEWS.filter(isHere).map(reviewResource),
  ]
  if (resources.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources,
  }
}

const aggregatedType = (type: ResourceType): JsonObject => {
  const responseKind = { group: type.group, version: type.version, kind: type.kind }
  return {
    resource: type.plural,
    responseKind,
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: VERBS,
    ...(type.shortNames.length > 0 && { shortNames: [...type.shortNames] }),
    ...(type.categories.length > 0 && { categories: [...type.categories] }),
    ...(type.hasStatus && {
      subresources: [{ subresource: 'status', responseKind, verbs: STATUS_VERBS }],
    }),
  }
}

const aggregatedReview = (review: Review): JsonObject => ({
  resource: review.plural,
  responseKind: { group: review.group, version: review.version, kind: review.kind },
  scope: 'Cluster',
  singularResource: review.kind.toLowerCase(),
  verbs: ['create'],
})

/** Aggregated discovery: `/api` (the core group) or `/apis` (all others) with every resource in one answer. */
export const aggregatedDiscovery = (registry: Registry, isCore: boolean): JsonObject => {
  const groups = [...versionsByGroup(registry)].filter(([group]) => (group === '') === isCore)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: group ? { name: group } : {},
      versions: versions.map((version) => ({
        version,
        resources: [
          ...registry.types
            .filter((type) => type.group === group && type.version === version)
            .map(aggregatedType),
          ...REVIEWS.filter((review) => review.group === group && review.version === version).map(
            aggregatedReview,
          ),
        ],
        freshness: 'Current',
      })),
    })),
  }
}
