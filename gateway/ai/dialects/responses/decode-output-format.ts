import { z } from 'zod'
import { toPresent } from '../../chat/present.ts'
import { readField } from '../../chat/read-field.ts'
import type { OutputFormat } from '../../chat/request.ts'

const typed = z.object({ type: z.enum(['text', 'json_object', 'json_schema']) })
const jsonSchema = z.object({
  name: z.string(),
  description: z.string().nullish(),
  schema: z.record(z.string(), z.unknown()),
  strict: z.boolean().nullish(),
})

/** Reads `text.format`. @throws RequestFault */
export const decodeOutputFormat = (format: unknown): OutputFormat | undefined => {
  if (format === undefined || format === null) return undefined
  const { type } = readField(typed, format, 'text.format')
  if (type === 'text') return undefined
  if (type === 'json_object') return { type: 'json' }
  const { name, schema, ...rest } = readField(jsonSchema, format, 'text.format')
  return { type: 'schema', name, schema, ...toPresent(rest) }
}
