import type { Json, JsonObject } from '../json.ts'
import type { Registry } from '../registry/registry.ts'
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts'
import { OBJECT_META } from '../schema/object-meta.ts'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const QUERY: JsonObject[] = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string' },
}))
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
]

/** `dev.penstock.v1alpha1.APIRoute` */
const schemaName = ({ group, version, kind }: ResourceType): string => {
  const reversed = group.split('.').reverse().join('.')
  return `${group === '' ? 'io.k8s.api.core' : reversed}.${version}.${kind}`
}

const kindOf = ({ group, version, kind }: ResourceType): JsonObject => ({ group, version, kind })

const schemaOf = (type: ResourceType): JsonObject => ({
  ...(type.schema as unknown as JsonObject),
  properties: {
    ...(type.schema.properties as unknown as JsonObject),
    metadata: {
      allOf: [{ $ref: `#/components/schemas/${META}` }],
      description: 'Standard metadata of an object.',
    },
  },
  'x-kubernetes-group-version-kind': [kindOf(type)],
})

const content = (type: ResourceType, mediaTypes: readonly string[]): JsonObject =>
  Object.fromEntries(
    mediaTypes.map((mediaType) => [
      mediaType,
      { schema: { $ref: `#/components/schemas/${schemaName(type)}` } },
    ]),
  )

const operation = (type: ResourceType, action: string, rest: JsonObject = {}): JsonObject => ({
  operationId: `${action}${type.kind}`,
  responses: { '200': { description: 'OK', content: content(type, ['application/json']) } },
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': kindOf(type),
  ...rest,
})

const pathParameters = (names: readonly string[]): Json[] =>
  names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

const pathsOf = (type: ResourceType): JsonObject => {
  const root = type.group ? `/apis/${apiVersionOf(type)}` : `/api/${type.version}`
  const collection = `${root}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`
  const scope = type.namespaced ? ['namespace'] : []
  const body = (mediaTypes: readonly string[]): JsonObject => ({
    parameters: QUERY,
    requestBody: { required: true, content: content(type, mediaTypes) },
  })
  const patches = type.custom
    ? PATCH_TYPES
    : [...PATCH_TYPES, 'application/strategic-merge-patch+json']
  const one: JsonObject = {
    parameters: pathParameters([...scope, 'name']),
    get: operation(type, 'get'),
    put: operation(type, 'put', body(['application/json'])),
    patch: operation(type, 'patch', body(patches)),
    delete: operation(type, 'delete', { parameters: QUERY }),
  }
  return {
    [collection]: {
      parameters: pathParameters(scope),
      get: operation(type, 'list'),
      post: operation(type, 'post', body(['application/json'])),
    },
    [`${collection}/{name}`]: one,
    ...(type.hasStatus && { [`${collection}/{name}/status`]: one }),
  }
}

/** The path of a version's document below `/openapi/v3/`. */
const documentPath = (group: string, version: string): string =>
  group ? `apis/${group}/${version}` : `api/${version}`

/** The OpenAPI v3 document of one group and version; undefined when it is not served. */
export const openApiDocument = (registry: Registry, path: string): JsonObject | undefined => {
  const types = registry.types.filter(({ group, version }) => documentPath(group, version) === path)
  if (types.length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: { title: 'Penstock local mode', version: 'v1' },
    paths: Object.assign({}, ...types.map(pathsOf)) as JsonObject,
    components: {
      schemas: {
        [META]: OBJECT_META as unknown as JsonObject,
        ...Object.fromEntries(types.map((type) => [schemaName(type), schemaOf(type)])),
      },
    },
  }
}

/** `/openapi/v3`: where the documents are. */
export const openApiIndex = (registry: Registry, hashOf: (path: string) => string): JsonObject => {
  const paths = new Set(registry.types.map(({ group, version }) => documentPath(group, version)))
  return {
    paths: Object.fromEntries(
      [...paths].map((path) => [
        path,
        { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(path)}` },
      ]),
    ),
  }
}

/** `/openapi/v2`: the names of the kinds; the schemas are in v3. */
export const openApiV2 = (registry: Registry): JsonObject => ({
  swagger: '2.0',
  info: { title: 'Penstock local mode', version: 'v1' },
  paths: {},
  definitions: Object.fromEntries(
    registry.types.map((type) => [
      schemaName(type),
      { type: 'object', 'x-kubernetes-group-version-kind': [kindOf(type)] },
    ]),
  ),
})
