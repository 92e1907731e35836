import { field } from '../protobuf/encode.ts'
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts'

/** Media type of the answer to clients that ask for OpenAPI v2 as protobuf. */
export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

// Names of the fields: https://github.com/google/gnostic/blob/main/openapiv2/OpenAPIv2.proto
const queryParameter = (name: string): Buffer =>
  field(8, field(1, field(2, field(3, field(2, 'query'), field(4, name), field(6, 'string')))))

const extension = (name: string, yaml: string): Buffer =>
  field(13, field(1, name), field(2, field(2, yaml)))

const path = (type: ResourceType): Buffer => {
  const { group, version, kind, plural } = type
  const root = group ? `/apis/${apiVersionOf(type)}` : `/api/${version}`
  const patch = field(
    8,
    field(5, `patch${kind}`),
    ...['dryRun', 'fieldManager', 'fieldValidation'].map(queryParameter),
    extension(
      'x-kubernetes-group-version-kind',
      `group: "${group}"\nkind: ${kind}\nversion: ${version}\n`,
    ),
  )
  return field(2, field(1, `${root}/${plural}/{name}`), field(2, patch))
}

/**
 * OpenAPI v2 as protobuf: which parameters a patch takes, no schemas. kubectl asks for it when it applies a List,
 * and reads no other form.
 */
export const openApiV2Protobuf = (types: readonly ResourceType[]): Buffer =>
  Buffer.concat([
    field(1, '2.0'),
    field(2, field(1, 'Penstock local mode'), field(2, 'v1')),
    field(8, ...types.map(path)),
  ])
