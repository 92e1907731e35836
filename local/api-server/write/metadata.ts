import type { KubeObject } from '../json.ts'
import type { ResourceType } from '../registry/resource-type.ts'
import { invalidValue, required } from '../schema/causes.ts'
import type { StatusCause } from '../status.ts'

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

const SUBDOMAIN_HELP =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LABEL_HELP =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const SERVICE_HELP =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const KEY_HELP =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const VALUE_HELP =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
const MAX_ANNOTATION_BYTES = 256 * 1024

/** Which names a kind may have. */
const nameRule = (kind: string): [RegExp, number, string] => {
  if (kind === 'Namespace') return [LABEL, 63, LABEL_HELP]
  if (kind === 'Service') return [SERVICE_NAME, 63, SERVICE_HELP]
  return [SUBDOMAIN, 253, SUBDOMAIN_HELP]
}

const checkName = (name: string, kind: string): StatusCause[] => {
  const [pattern, maxLength, help] = nameRule(kind)
  const causes: StatusCause[] = []
  if (name.length > maxLength)
    causes.push(invalidValue('metadata.name', name, `must be no more than ${maxLength} characters`))
  if (!pattern.test(name)) causes.push(invalidValue('metadata.name', name, help))
  return causes
}

const isQualified = (key: string): boolean => {
  const [name = '', prefix, ...rest] = key.split('/').reverse()
  if (rest.length > 0 || !QUALIFIED.test(name) || name.length > 63) return false
  return prefix === undefined || (SUBDOMAIN.test(prefix.toLowerCase()) && prefix.length <= 253)
}

const checkLabels = (labels: Record<string, string> = {}): StatusCause[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...(isQualified(key) ? [] : [invalidValue('metadata.labels', key, KEY_HELP)]),
    ...(value === '' || (QUALIFIED.test(value) && value.length <= 63)
      ? []
      : [invalidValue('metadata.labels', value, VALUE_HELP)]),
  ])

const checkAnnotations = (annotations: Record<string, string> = {}): StatusCause[] => {
  const entries = Object.entries(annotations)
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  )
  const causes = entries
    .filter(([key]) => !isQualified(key))
    .map(([key]) => invalidValue('metadata.annotations', key, KEY_HELP))
  if (bytes > MAX_ANNOTATION_BYTES)
    causes.push({
      reason: 'FieldValueTooLong',
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`,
    })
  return causes
}

const checkOwners = (object: KubeObject): StatusCause[] =>
  (object.metadata.ownerReferences ?? []).flatMap((owner, index) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => !owner[field])
      .map((field) => required(`metadata.ownerReferences[${index}].${field}`, 'must not be empty')),
  )

/** Checks names, labels, annotations, owners and finalizers. */
export const checkMetadata = (object: KubeObject, type: ResourceType): StatusCause[] => {
  const { name = '', labels, annotations, finalizers = [] } = object.metadata
  const isOwnRule = type.kind === 'CustomResourceDefinition'
  return [
    ...(name === '' ? [required('metadata.name', 'name or generateName is required')] : []),
    ...(name === '' || isOwnRule ? [] : checkName(name, type.group === '' ? type.kind : '')),
    ...checkLabels(labels),
    ...checkAnnotations(annotations),
    ...checkOwners(object),
    ...finalizers
      .filter((finalizer) => !isQualified(finalizer))
      .map((finalizer) => invalidValue('metadata.finalizers', finalizer, KEY_HELP)),
  ]
}
