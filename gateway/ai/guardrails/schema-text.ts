/** What becomes of the strings of a JSON schema. */
export interface SchemaRewrite {
  /** Of those that only the model reads. */
  readonly rewrite: (text: string) => string
  /** Sees those that must stay as they are, such as the names of what is described. */
  readonly inspect: (text: string) => void
}

/** Members whose own members have names that the author gave. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependentRequired',
  'dependencies',
])
const WORDS = new Set(['description', 'title', '$comment'])
const VALUES = new Set(['default', 'examples', 'example', 'enum', 'const'])

/** https://json-schema.org/draft/2020-12/meta/validation: those tell nothing. */
const KEYWORDS = new Set(
  `type format pattern items prefixItems contains additionalProperties unevaluatedProperties
  unevaluatedItems propertyNames required allOf anyOf oneOf not if then else minimum maximum
  exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems
  minProperties maxProperties minContains maxContains nullable deprecated readOnly writeOnly strict
  contentEncoding contentMediaType contentSchema discriminator
  $schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary`
    .split(/\s+/)
    .concat(...NAMED, ...WORDS, ...VALUES),
)

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** @param toMember what becomes of a member of an object */
const mapMembers = (value: object, toMember: (name: string, member: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toMember(name, member)]))

const rewriteValue = (value: unknown, how: SchemaRewrite): unknown => {
  if (typeof value === 'string') return how.rewrite(value)
  if (typeof value === 'number') how.inspect(String(value))
  if (Array.isArray(value)) return value.map((member) => rewriteValue(member, how))
  if (!isObject(value)) return value
  return mapMembers(value, (name, member) => {
    how.inspect(name)
    return rewriteValue(member, how)
  })
}

const rewriteNamed = (value: object, how: SchemaRewrite): object =>
  mapMembers(value, (name, member) => {
    how.inspect(name)
    return rewriteSchemaText(member, how)
  })

const rewriteMember = (name: string, member: unknown, how: SchemaRewrite): unknown => {
  if (WORDS.has(name) && typeof member === 'string') return how.rewrite(member)
  if (VALUES.has(name)) return rewriteValue(member, how)
  if (NAMED.has(name) && isObject(member) && !Array.isArray(member))
    return rewriteNamed(member, how)
  if (!KEYWORDS.has(name)) how.inspect(name)
  return rewriteSchemaText(member, how)
}

/** Rewrites what a JSON schema says to the model; how it binds the answer stays as it is. */
export const rewriteSchemaText = (schema: unknown, how: SchemaRewrite): unknown => {
  if (typeof schema === 'string' && !TYPES.has(schema)) how.inspect(schema)
  if (Array.isArray(schema)) return schema.map((member) => rewriteSchemaText(member, how))
  if (!isObject(schema)) return schema
  return mapMembers(schema, (name, member) => rewriteMember(name, member, how))
}
