import type { Json } from '../json.ts'
import type { Schema } from '../schema/schema.ts'

/** Short forms for the schemas of the built-in kinds. */
export const text = (description: string): Schema => ({ type: 'string', description })
export const flag = (description: string): Schema => ({ type: 'boolean', description })
export const integer = (description: string): Schema => ({
  type: 'integer',
  format: 'int32',
  description,
})
export const time = (description: string): Schema => ({
  type: 'string',
  format: 'date-time',
  description,
})
export const mapOf = (value: Schema, description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: value,
})
export const textMap = (description: string): Schema => mapOf({ type: 'string' }, description)
export const anything = (description: string): Schema => ({
  type: 'object',
  description,
  'x-kubernetes-preserve-unknown-fields': true,
})
export const intOrString = (description: string): Schema => ({
  description,
  'x-kubernetes-int-or-string': true,
})
export const object = (
  description: string,
  properties: Record<string, Schema>,
  required: string[] = [],
): Schema => ({ type: 'object', description, properties, ...(required.length > 0 && { required }) })
export const atomicList = (items: Schema, description: string): Schema => ({
  type: 'array',
  description,
  items,
  'x-kubernetes-list-type': 'atomic',
})
export const setOf = (items: Schema, description: string): Schema => ({
  type: 'array',
  description,
  items,
  'x-kubernetes-list-type': 'set',
})
/** A list of objects told apart by keys; the first is the merge key of strategic patches. */
export const listBy = (
  keys: [string, ...string[]],
  items: Schema,
  description: string,
): Schema => ({
  type: 'array',
  description,
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
  'x-kubernetes-patch-merge-key': keys[0],
  'x-kubernetes-patch-strategy': 'merge',
})
export const withDefault = (schema: Schema, value: Json): Schema => ({ ...schema, default: value })
export const oneOf = (values: string[], description: string): Schema => ({
  type: 'string',
  description,
  enum: values,
})

/** Conditions as every kind has them. */
export const CONDITIONS: Schema = listBy(
  ['type'],
  object('One aspect of the state.', {
    type: text('Name of the condition.'),
    status: text('True, False or Unknown.'),
    observedGeneration: {
      type: 'integer',
      format: 'int64',
      description: 'Generation it is about.',
    },
    lastTransitionTime: time('When the status last changed.'),
    lastUpdateTime: time('When it was last written.'),
    reason: text('Why, in one word.'),
    message: text('Why, for people.'),
  }),
  'Aspects of the current state.',
)

/** A reference to an object. */
export const OBJECT_REFERENCE: Schema = {
  ...object('A reference to an object.', {
    kind: text('Kind of the object.'),
    namespace: text('Namespace of the object.'),
    name: text('Name of the object.'),
    uid: text('UID of the object.'),
    apiVersion: text('API version of the object.'),
    resourceVersion: text('Version of the object that is meant.'),
    fieldPath: text('Part of the object that is meant.'),
  }),
  'x-kubernetes-map-type': 'atomic',
}
