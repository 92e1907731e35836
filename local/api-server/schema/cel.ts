import { canonicalJson, isObject, type Json, type JsonObject } from '../json.ts'
import type { StatusCause } from '../status.ts'
import { invalidValue } from './causes.ts'
import { compileCel } from './cel-environment.ts'
import { childOf, type Schema, type ValidationRule } from './schema.ts'

const REASONS: readonly string[] = [
  'FieldValueInvalid',
  'FieldValueForbidden',
  'FieldValueRequired',
  'FieldValueDuplicate',
]
const USES_OLD_SELF = /\boldSelf\b/

const RESERVED =
  /^(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$/
const ESCAPES: Record<string, string> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** Names of properties that are no CEL identifiers are escaped, as Kubernetes documents it. */
const escapeName = (name: string): string =>
  RESERVED.test(name)
    ? `__${name}__`
    : name.replaceAll(/__|[./-]/g, (part) => ESCAPES[part] ?? part)

/** CEL sees integers as int (BigInt), whole numbers of `type: number` as double. */
const toCel = (value: Json | undefined, schema: Schema | undefined): unknown => {
  if (typeof value === 'number')
    return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((item) => toCel(item, schema?.items))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      schema?.properties ? escapeName(key) : key,
      toCel(item, childOf(schema, key)),
    ]),
  )
}

interface Node {
  readonly self: Json
  readonly old: Json | undefined
  readonly schema: Schema
  readonly path: string
}

const messageOf = (rule: ValidationRule, variables: Record<string, unknown>): string => {
  const fixed = rule.message ?? `failed rule: ${rule.rule.trim()}`
  if (!rule.messageExpression) return fixed
  try {
    const text: unknown = compileCel(rule.messageExpression)(variables)
    return typeof text === 'string' && text.trim() ? text : fixed
  } catch {
    return fixed
  }
}

/** The real server shows the type of what a rule refuses. */
const typeName = (value: Json): string => {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const causeOf = (rule: ValidationRule, node: Node, message: string): StatusCause => {
  const field = `${node.path}${rule.fieldPath ?? ''}`.replace(/^\./, '')
  const reason = rule.reason && REASONS.includes(rule.reason) ? rule.reason : 'FieldValueInvalid'
  if (reason === 'FieldValueForbidden') return { reason, field, message: `Forbidden: ${message}` }
  if (reason === 'FieldValueRequired')
    return { reason, field, message: `Required value: ${message}` }
  return { ...invalidValue(field, typeName(node.self), message), reason }
}

const checkRule = (rule: ValidationRule, node: Node, self: unknown): StatusCause[] => {
  const isTransition = USES_OLD_SELF.test(rule.rule)
  if (isTransition && node.old === undefined && !rule.optionalOldSelf) return []
  const variables = isTransition ? { self, oldSelf: toCel(node.old, node.schema) } : { self }
  try {
    if (compileCel(rule.rule)(variables) === true) return []
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return [causeOf(rule, node, `${why} evaluating rule: ${rule.message ?? rule.rule}`)]
  }
  return [causeOf(rule, node, messageOf(rule, variables))]
}

const identity = (item: Json, keys: readonly string[]): string =>
  canonicalJson(keys.map((key) => (isObject(item) ? (item[key] ?? null) : null)))

const oldItem = (node: Node, item: Json): Json | undefined => {
  // Only lists of maps say which old item an item was.
  const keys = node.schema['x-kubernetes-list-map-keys']
  if (node.schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(node.old))
    return undefined
  const wanted = identity(item, keys)
  return node.old.find((candidate) => identity(candidate, keys) === wanted)
}

const childrenOf = (node: Node): Node[] => {
  const { self, schema, path } = node
  if (Array.isArray(self)) {
    const { items } = schema
    if (!items) return []
    return self.map((item, index) => ({
      self: item,
      old: oldItem(node, item),
      schema: items,
      path: `${path}[${index}]`,
    }))
  }
  if (!isObject(self)) return []
  const old: JsonObject = isObject(node.old) ? node.old : {}
  return Object.entries(self).flatMap(([key, item]) => {
    const child = childOf(schema, key)
    return child ? [{ self: item, old: old[key], schema: child, path: `${path}.${key}` }] : []
  })
}

const rulesBelow = new WeakMap<Schema, boolean>()

/** Whether a schema has rules anywhere. */
export const hasRules = (schema: Schema): boolean => {
  let found = rulesBelow.get(schema)
  if (found === undefined) {
    const additional = schema.additionalProperties
    found =
      schema['x-kubernetes-validations'] !== undefined ||
      (schema.items !== undefined && hasRules(schema.items)) ||
      Object.values(schema.properties ?? {}).some(hasRules) ||
      (typeof additional === 'object' && hasRules(additional))
    rulesBelow.set(schema, found)
  }
  return found
}

const checkNode = (node: Node): StatusCause[] => {
  if (node.self === null || !hasRules(node.schema)) return []
  const rules = node.schema['x-kubernetes-validations']
  const own: StatusCause[] = []
  if (rules) {
    const self = toCel(node.self, node.schema)
    for (const rule of rules) own.push(...checkRule(rule, node, self))
  }
  return [...own, ...childrenOf(node).flatMap(checkNode)]
}

/**
 * Evaluates the `x-kubernetes-validations` of a schema.
 * @param old the value before, when there was one: transition rules compare with it
 */
export const checkRules = (self: Json, old: Json | undefined, schema: Schema): StatusCause[] =>
  checkNode({ self, old, schema, path: '' })

const rulesIn = (schema: Schema, path: string): [string, ValidationRule][] => [
  ...(schema['x-kubernetes-validations'] ?? []).map((rule): [string, ValidationRule] => [
    path,
    rule,
  ]),
  ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    rulesIn(child, `${path}.properties[${key}]`),
  ),
  ...(schema.items ? rulesIn(schema.items, `${path}.items`) : []),
  ...(typeof schema.additionalProperties === 'object'
    ? rulesIn(schema.additionalProperties, `${path}.additionalProperties`)
    : []),
]

/** Finds the rules of a schema that do not compile. */
export const checkRuleSyntax = (schema: Schema, path: string): StatusCause[] =>
  rulesIn(schema, path).flatMap(([field, rule]) => {
    try {
      compileCel(rule.rule)
      return []
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return [
        invalidValue(
          `${field}.x-kubernetes-validations.rule`,
          rule.rule,
          `compilation failed: ${why}`,
        ),
      ]
    }
  })
