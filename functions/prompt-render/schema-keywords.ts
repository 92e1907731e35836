/** A JSON schema that is an object; there are `true` and `false` too. */
export type Schema = Readonly<Record<string, unknown>>

/** What holds a schema: https://json-schema.org/draft/2020-12/json-schema-core#section-10 */
export const ONE_SCHEMA: ReadonlySet<string> = new Set([
  ...['items', 'contains', 'unevaluatedItems'],
  ...['additionalProperties', 'propertyNames', 'unevaluatedProperties'],
  ...['not', 'if', 'then', 'else', 'contentSchema'],
])

/** What holds a list of schemas. */
export const SCHEMA_LIST: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])

/** What holds schemas by name. */
export const SCHEMA_MAP: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'dependentSchemas'],
])

/** What says nothing once references are resolved. */
export const DROPPED: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$defs', 'definitions', '$anchor', '$dynamicAnchor', '$vocabulary'],
])

/** What would change where a reference leads, or what a check gives back. */
export const REFUSED: ReadonlySet<string> = new Set([
  ...['$dynamicRef', '$recursiveRef', '$recursiveAnchor', '$async'],
])

/** What checks nothing, and may be said anew beside a reference. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  ...['title', 'description', 'default', 'examples', 'deprecated', '$comment'],
  ...['readOnly', 'writeOnly'],
])
