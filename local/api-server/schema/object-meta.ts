import type { Schema } from './schema.ts'

const text = (description: string): Schema => ({ type: 'string', description })
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description })
const textMap = (description: string): Schema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
})

const ownerReference: Schema = {
  type: 'object',
  description: 'An object this one belongs to; when it goes, this one goes too.',
  required: ['apiVersion', 'kind', 'name', 'uid'],
  'x-kubernetes-map-type': 'atomic',
  properties: {
    apiVersion: text('API version of the owner.'),
    kind: text('Kind of the owner.'),
    name: text('Name of the owner.'),
    uid: text('UID of the owner.'),
    controller: { type: 'boolean', description: 'Whether the owner is the managing controller.' },
    blockOwnerDeletion: {
      type: 'boolean',
      description: 'Whether the owner waits for this object.',
    },
  },
}

const managedFieldsEntry: Schema = {
  type: 'object',
  properties: {
    manager: text('Who wrote.'),
    operation: text('Apply or Update.'),
    apiVersion: text('Version the fields are named in.'),
    time: time('Time of the last change.'),
    fieldsType: text('Always FieldsV1.'),
    fieldsV1: {
      type: 'object',
      description: 'The fields.',
      'x-kubernetes-preserve-unknown-fields': true,
    },
    subresource: text('The subresource written to.'),
  },
}

/** Schema of `metadata`, the same for every kind. */
export const OBJECT_META: Schema = {
  type: 'object',
  description: 'Standard metadata of an object.',
  properties: {
    name: text('Name, unique in its namespace; it cannot change.'),
    generateName: text('Prefix of a name the server makes up.'),
    namespace: text('Namespace the object is in.'),
    selfLink: text('Not used.'),
    uid: text('Unique id in time and space, set by the server.'),
    resourceVersion: text('Version of the object, for optimistic concurrency and watches.'),
    generation: {
      type: 'integer',
      format: 'int64',
      description: 'Grows when the desired state changes.',
    },
    creationTimestamp: time('When the object was created.'),
    deletionTimestamp: time('When its deletion was asked for.'),
    deletionGracePeriodSeconds: {
      type: 'integer',
      format: 'int64',
      description: 'Seconds until it goes.',
    },
    labels: textMap('Keys and values to select objects by.'),
    annotations: textMap('Keys and values for tools.'),
    ownerReferences: {
      type: 'array',
      description: 'Objects this one belongs to.',
      items: ownerReference,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-patch-merge-key': 'uid',
      'x-kubernetes-patch-strategy': 'merge',
    },
    finalizers: {
      type: 'array',
      description: 'What must be done before the object goes.',
      items: { type: 'string' },
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    managedFields: {
      type: 'array',
      description: 'Who wrote which fields.',
      items: managedFieldsEntry,
      'x-kubernetes-list-type': 'atomic',
    },
  },
}

/** Adds apiVersion, kind and metadata to the schema of a kind. */
export const withObjectMeta = (schema: Schema): Schema => ({
  ...schema,
  type: 'object',
  properties: {
    ...schema.properties,
    apiVersion: text('Group and version of this representation.'),
    kind: text('Kind of the object.'),
    metadata: OBJECT_META,
  },
})
