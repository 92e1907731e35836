import { z } from 'zod'
import { GROUP, type KindDefinition, status, VERSION } from './common.ts'

interface JsonSchema {
  [key: string]: unknown
  properties?: Record<string, JsonSchema>
}

/** Structural schema of a CRD from a zod schema: what users may write, before defaults apply. */
const toStructural = (schema: z.ZodType): JsonSchema => {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    reused: 'inline',
    // The API server prunes unknown fields itself and refuses this keyword beside properties.
    override: ({ jsonSchema }) => {
      if (jsonSchema.properties) delete jsonSchema.additionalProperties
    },
  })
  return json as JsonSchema
}

/** The CustomResourceDefinition of a kind, all namespaced, with a status subresource. */
export const toCrd = (kind: KindDefinition) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${kind.plural}.${GROUP}`,
    labels: { 'app.kubernetes.io/part-of': 'penstock' },
  },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: {
      kind: kind.kind,
      listKind: `${kind.kind}List`,
      plural: kind.plural,
      singular: kind.singular,
      shortNames: [...kind.shortNames],
      categories: ['penstock'],
    },
    versions: [
      {
        name: VERSION,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: kind.printerColumns.map((column) => ({ ...column })),
        schema: {
          openAPIV3Schema: {
            description: kind.description,
            type: 'object',
            required: ['spec'],
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: toStructural(kind.spec),
              status: toStructural(status),
            },
          },
        },
      },
    ],
  },
})
