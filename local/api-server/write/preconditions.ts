import type { Json, KubeObject, ObjectMeta } from '../json.ts'
import { apiVersionOf, type ResourceType } from '../registry/resource-type.ts'
import { pruneUnknown } from '../schema/prune.ts'
import { ApiError, badRequest, conflict } from '../status.ts'

const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again'

const checkName = (given: string | undefined, name: string): void => {
  if (given !== undefined && given !== name)
    throw badRequest(
      `the name of the object (${given}) does not match the name on the URL (${name})`,
    )
}

/** Compares what a writer says of the object it changes with the object. @throws ApiError 400, 409 */
export const checkPreconditions = (
  old: KubeObject,
  metadata: ObjectMeta,
  type: ResourceType,
): void => {
  const { name = '', uid, resourceVersion } = old.metadata
  checkName(metadata.name, name)
  if (metadata.uid && metadata.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`
    throw conflict(type, name, why)
  }
  const wanted = metadata.resourceVersion
  if (wanted && wanted !== '0' && wanted !== resourceVersion) throw conflict(type, name, MODIFIED)
}

/**
 * Checks an applied configuration. Unlike in other writes, unknown fields are always an error: nobody could own them.
 * @throws ApiError 400; 500 for unknown fields, as on the real server
 */
export const checkApplied = (applied: KubeObject, name: string, type: ResourceType): void => {
  const { managedFields, name: given, namespace = '' } = applied.metadata
  if (managedFields) throw badRequest('metadata.managedFields must be nil')
  checkName(given, name)
  const [unknown] = pruneUnknown(applied as unknown as Json, type.schema)
  if (unknown === undefined) return
  const what = `(${namespace}/${name}; ${apiVersionOf(type)}, Kind=${type.kind})`
  throw new ApiError(
    `failed to create typed patch object ${what}: .${unknown}: field not declared in schema`,
    { code: 500, reason: '' },
  )
}
