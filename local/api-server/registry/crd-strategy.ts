import { isObject, type Json, type JsonObject, type KubeObject } from '../json.ts'
import { invalidValue, required } from '../schema/causes.ts'
import { checkRuleSyntax } from '../schema/cel.ts'
import { compilePattern } from '../schema/patterns.ts'
import { additionalOf, type Schema } from '../schema/schema.ts'
import type { StatusCause } from '../status.ts'
import { compileJsonPath } from '../table/json-path.ts'
import { type CrdSpec, type CrdVersion, crdSpec } from './crd.ts'
import type { Strategy } from './resource-type.ts'

const DNS_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/

const condition = (type: string, reason: string, message: string, old: Json[]): JsonObject => {
  const before = old.find((item) => isObject(item) && item.type === type && item.status === 'True')
  if (isObject(before)) return before
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  return { lastTransitionTime, message, reason, status: 'True', type }
}

const prepare = (crd: KubeObject, old: KubeObject | undefined): void => {
  if (!isObject(crd.spec)) return
  const spec = crdSpec(crd)
  // The schema is checked after this: what has a wrong shape is refused then.
  if (!isObject(spec.names) || !Array.isArray(spec.versions) || !spec.versions.every(isObject))
    return
  spec.names.singular ??= String(spec.names.kind).toLowerCase()
  spec.names.listKind ??= `${spec.names.kind}List`
  const status = isObject(old?.status) ? old.status : {}
  const conditions = Array.isArray(status.conditions) ? status.conditions : []
  const stored = Array.isArray(status.storedVersions) ? status.storedVersions : []
  const storage = spec.versions.find((version) => version.storage)?.name ?? ''
  crd.status = {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found', conditions),
      condition(
        'Established',
        'InitialNamesAccepted',
        'the initial names have been accepted',
        conditions,
      ),
    ],
    acceptedNames: spec.names as unknown as JsonObject,
    storedVersions: [...new Set([...stored, storage])],
  }
}

const attempt = (field: string, value: string, act: () => unknown): StatusCause[] => {
  try {
    act()
    return []
  } catch (error) {
    return [invalidValue(field, value, error instanceof Error ? error.message : String(error))]
  }
}

const checkPatterns = (schema: Schema, path: string): StatusCause[] => [
  ...(schema.pattern === undefined
    ? []
    : attempt(`${path}.pattern`, schema.pattern, () => compilePattern(schema.pattern ?? ''))),
  ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    checkPatterns(child, `${path}.properties[${key}]`),
  ),
  ...(schema.items ? checkPatterns(schema.items, `${path}.items`) : []),
  ...(additionalOf(schema)
    ? checkPatterns(additionalOf(schema) ?? {}, `${path}.additionalProperties`)
    : []),
]

const checkVersion = (version: CrdVersion, path: string): StatusCause[] => {
  const schema = version.schema?.openAPIV3Schema
  const schemaPath = `${path}.schema.openAPIV3Schema`
  if (!schema) return [required(schemaPath, 'schemas are required')]
  const causes: StatusCause[] = []
  if (schema.type !== 'object')
    causes.push(invalidValue(`${schemaPath}.type`, schema.type ?? '', 'must be object at the root'))
  causes.push(...checkPatterns(schema, schemaPath), ...checkRuleSyntax(schema, schemaPath))
  for (const [index, column] of (version.additionalPrinterColumns ?? []).entries()) {
    const source = column.jsonPath ?? ''
    const field = `${path}.additionalPrinterColumns[${index}].jsonPath`
    causes.push(...attempt(field, source, () => compileJsonPath(source)))
  }
  return causes
}

const checkNames = (crd: KubeObject, spec: CrdSpec): StatusCause[] => {
  const causes: StatusCause[] = []
  const wanted = `${spec.names.plural}.${spec.group}`
  if (crd.metadata.name !== wanted)
    causes.push(
      invalidValue('metadata.name', crd.metadata.name, 'must be spec.names.plural+"."+spec.group'),
    )
  if (!DNS_NAME.test(spec.names.plural))
    causes.push(invalidValue('spec.names.plural', spec.names.plural, 'must be a DNS-1035 label'))
  if (!spec.group.includes('.'))
    causes.push(invalidValue('spec.group', spec.group, 'should be a domain with at least one dot'))
  return causes
}

const validate = (crd: KubeObject, old: KubeObject | undefined): StatusCause[] => {
  const spec = crdSpec(crd)
  const causes = checkNames(crd, spec)
  if (spec.versions.filter((version) => version.storage).length !== 1)
    causes.push(
      invalidValue(
        'spec.versions',
        'array',
        'must have exactly one version marked as storage version',
      ),
    )
  for (const [index, version] of spec.versions.entries())
    causes.push(...checkVersion(version, `spec.versions[${index}]`))
  if (old && crdSpec(old).scope !== spec.scope)
    causes.push(invalidValue('spec.scope', spec.scope, 'field is immutable'))
  return causes
}

/** What the server does with a CustomResourceDefinition: it is established at once. */
export const CRD_STRATEGY: Strategy = { prepare, validate }
