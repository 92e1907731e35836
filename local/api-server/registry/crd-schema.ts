import type { Schema } from '../schema/schema.ts'
import {
  anything,
  atomicList,
  CONDITIONS,
  flag,
  integer,
  object,
  oneOf,
  setOf,
  text,
  withDefault,
} from './dsl.ts'

const NAMES = object(
  'Names of the kind.',
  {
    plural: text('Name in URLs.'),
    singular: text('Name for one.'),
    shortNames: atomicList({ type: 'string' }, 'Short names for commands.'),
    kind: text('Name in manifests.'),
    listKind: text('Name of the list kind.'),
    categories: atomicList({ type: 'string' }, 'Groups of kinds it belongs to.'),
  },
  ['plural', 'kind'],
)

const COLUMN = object(
  'A column of kubectl get.',
  {
    name: text('Head of the column.'),
    type: text('integer, number, string, boolean or date.'),
    format: text('Format of the values.'),
    description: text('What the column shows.'),
    priority: integer('0 is always shown, others with -o wide.'),
    jsonPath: text('Where in the object the value is.'),
  },
  ['name', 'type', 'jsonPath'],
)

const VERSION = object(
  'A version of the kind.',
  {
    name: text('Name of the version.'),
    served: flag('Whether it is served.'),
    storage: flag('Whether objects are stored in it.'),
    deprecated: flag('Whether it should no longer be used.'),
    deprecationWarning: text('Warning given when it is used.'),
    schema: object('What objects look like.', {
      openAPIV3Schema: anything('A structural schema.'),
    }),
    subresources: object('Subresources.', {
      status: anything('Whether /status is served.'),
      scale: anything('Where the replicas are.'),
    }),
    additionalPrinterColumns: atomicList(COLUMN, 'Columns of kubectl get.'),
    selectableFields: atomicList(
      object('A field.', { jsonPath: text('Where it is.') }),
      'Fields that selectors may use.',
    ),
  },
  ['name', 'served', 'storage'],
)

/** Schema of CustomResourceDefinition. */
export const CRD_SCHEMA: Schema = object(
  'A kind of objects that users add to the API.',
  {
    spec: object(
      'What is wanted.',
      {
        group: text('Group of the kind.'),
        names: NAMES,
        scope: oneOf(['Cluster', 'Namespaced'], 'Whether objects are in namespaces.'),
        versions: atomicList(VERSION, 'The versions.'),
        conversion: withDefault(anything('How versions are converted.'), { strategy: 'None' }),
        preserveUnknownFields: flag('Must be false.'),
      },
      ['group', 'names', 'scope', 'versions'],
    ),
    status: object('What is.', {
      conditions: CONDITIONS,
      acceptedNames: NAMES,
      storedVersions: setOf({ type: 'string' }, 'Versions that were ever stored.'),
    }),
  },
  ['spec'],
)
