import { z } from 'zod'

const named = {
  name: z.string(),
  required: z.boolean(),
  description: z.string().exactOptional(),
}

const texts = {
  /** In characters, as Unicode counts them. */
  minLength: z.int(),
  maxLength: z.int(),
  enum: z.array(z.string()).exactOptional(),
  /** RE2, for the whole text. */
  pattern: z.string().exactOptional(),
}

const numbers = { minimum: z.number().exactOptional(), maximum: z.number().exactOptional() }

/** A variable of a prompt: limits filled in, its default parsed. */
export const compiledVariable = z.discriminatedUnion('type', [
  z.object({
    ...named,
    type: z.literal('String'),
    ...texts,
    default: z.string().exactOptional(),
  }),
  z.object({
    ...named,
    type: z.literal('Integer'),
    ...numbers,
    default: z.int().exactOptional(),
  }),
  z.object({
    ...named,
    type: z.literal('Number'),
    ...numbers,
    default: z.number().exactOptional(),
  }),
  z.object({ ...named, type: z.literal('Boolean'), default: z.boolean().exactOptional() }),
  z.object({
    ...named,
    type: z.literal('List'),
    /** Of each entry. */
    ...texts,
    maxItems: z.int(),
    default: z.array(z.string()).exactOptional(),
  }),
])

export type CompiledVariable = z.infer<typeof compiledVariable>
export type CompiledVariables = readonly CompiledVariable[]
