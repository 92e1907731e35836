import type { KubeObject } from '../json.ts'
import { withObjectMeta } from '../schema/object-meta.ts'
import type { Schema } from '../schema/schema.ts'
import { AGE, NAME } from './columns.ts'
import type { Column, ResourceType } from './resource-type.ts'

/** Names of a kind in a CustomResourceDefinition. */
export interface CrdNames {
  plural: string
  singular?: string
  shortNames?: string[]
  kind: string
  listKind?: string
  categories?: string[]
}

/** A version in a CustomResourceDefinition. */
export interface CrdVersion {
  name: string
  served: boolean
  storage: boolean
  schema?: { openAPIV3Schema?: Schema }
  subresources?: { status?: object; scale?: object }
  additionalPrinterColumns?: Column[]
  selectableFields?: { jsonPath: string }[]
}

/** What the server reads of a CustomResourceDefinition's spec. */
export interface CrdSpec {
  group: string
  names: CrdNames
  scope: 'Namespaced' | 'Cluster'
  versions: CrdVersion[]
}

/** The spec of a CustomResourceDefinition that the schema has accepted. */
export const crdSpec = (crd: KubeObject): CrdSpec => crd.spec as unknown as CrdSpec

const columnsOf = (version: CrdVersion): readonly Column[] =>
  version.additionalPrinterColumns?.length
    ? [NAME, ...version.additionalPrinterColumns]
    : [NAME, AGE]

/** The resources a CustomResourceDefinition adds: one for each served version. */
export const typesOfCrd = (crd: KubeObject): ResourceType[] => {
  const { group, names, scope, versions } = crdSpec(crd)
  const storageVersion = versions.find((version) => version.storage)?.name ?? ''
  return versions
    .filter((version) => version.served)
    .map((version) => ({
      group,
      version: version.name,
      kind: names.kind,
      listKind: names.listKind ?? `${names.kind}List`,
      plural: names.plural,
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      namespaced: scope === 'Namespaced',
      columns: columnsOf(version),
      schema: withObjectMeta(version.schema?.openAPIV3Schema ?? {}),
      hasStatus: version.subresources?.status !== undefined,
      hasGeneration: true,
      custom: true,
      storageVersion,
      strategy: {},
      selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) =>
        jsonPath.replace(/^\./, ''),
      ),
    }))
}
