import type { FragmentConfigMap } from '#config/compiled/fragment.ts'

interface FieldSet {
  readonly 'f:data'?: object
  readonly 'f:binaryData'?: object
  readonly 'f:metadata'?: { readonly 'f:annotations'?: object; readonly 'f:labels'?: object }
}

/** A ConfigMap with its `metadata.managedFields`: who set which field last. */
export interface ManagedConfigMap extends FragmentConfigMap {
  metadata: FragmentConfigMap['metadata'] & { managedFields?: { fieldsV1?: FieldSet }[] }
}

const ownsContent = (fields: FieldSet): boolean =>
  fields['f:data'] !== undefined || fields['f:binaryData'] !== undefined

const ownsMetadata = ({ 'f:metadata': metadata = {} }: FieldSet): boolean =>
  [metadata['f:annotations'], metadata['f:labels']].some((fields) =>
    Object.keys(fields ?? {}).some((name) => name.startsWith('f:penstock.dev/')),
  )

/**
 * Whether somebody else changed a fragment's ConfigMap, so that neither its content nor what it
 * says of itself can be believed. It shows without the content: a fragment is written as a whole,
 * so one manager owns all of it, until another changes a part.
 */
export const isForeignEdit = ({ metadata }: ManagedConfigMap): boolean => {
  const fields = metadata.managedFields?.flatMap(({ fieldsV1 }) => fieldsV1 ?? [])
  if (fields === undefined || fields.length === 0) return false
  const owners = fields.filter((entry) => ownsContent(entry) || ownsMetadata(entry))
  return owners.length !== 1 || !owners.some(ownsContent)
}
