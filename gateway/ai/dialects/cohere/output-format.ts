import { z } from 'zod'
import type { OutputFormat } from '../../chat/request.ts'

const object = z.record(z.string(), z.unknown())

/** Their values are data, not schemas. */
const DATA = new Set(['const', 'default', 'enum', 'examples'])
/** More levels than the provider takes. */
const MAX_DEPTH = 64

/**
 * The provider refuses `additionalProperties`, which others demand to be false; its models never
 * write properties that the schema does not name.
 * https://docs.cohere.com/docs/structured-outputs#unsupported-schema-features
 */
const stripClosings = (schema: unknown, depth = 0): unknown => {
  if (depth > MAX_DEPTH) return schema
  if (Array.isArray(schema)) return schema.map((item) => stripClosings(item, depth + 1))
  const { data } = object.safeParse(schema)
  if (!data) return schema
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      if (name === 'additionalProperties' && value === false) return []
      return [[name, DATA.has(name) ? value : stripClosings(value, depth + 1)]]
    }),
  )
}

/** What the text of the answer must be. */
export const encodeOutputFormat = (output: OutputFormat | undefined) =>
  output && {
    type: 'json_object',
    json_schema: output.type === 'schema' ? stripClosings(output.schema) : undefined,
  }
