import { z } from 'zod'
import type { Turn } from './completion.ts'

/** A list that must not be empty. */
export const some = <T extends z.ZodType>(schema: T) => z.array(schema).min(1)

/** A limit of tokens. */
export const tokenLimit = z.number().int().positive().nullish()

/** What has the name of a tool. */
export const named = z.looseObject({ name: z.string() })

/** A JSON schema, in an object of its own. */
export const schemaHolder = z.looseObject({ schema: z.unknown().optional() })

/** Content as most dialects have it: a text, or a list of parts of the given types. */
export const contentOf = <const Types extends readonly [string, ...string[]]>(types: Types) =>
  z.union([z.string(), z.array(z.looseObject({ type: z.enum(types), text: z.string().nullish() }))])

interface Part {
  readonly type: string
  readonly text?: string | null | undefined
}

/** A turn with all texts of the content joined. */
export const toTurn = (
  role: Turn['role'],
  content: string | readonly Part[] | null | undefined,
): Turn => {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])
  const images = parts.filter(({ type }) => type.includes('image')).length
  return { role, text: parts.map(({ text }) => text ?? '').join(''), images }
}
