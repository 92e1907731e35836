import { z } from 'zod'
import { compiledVariable } from './prompt-variable.ts'

/** A piece of a text: as it is, or the value of a variable. */
const segment = z.union([z.object({ text: z.string() }), z.object({ variable: z.string() })])

const message = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  segments: z.array(segment),
})

const version = z.object({
  name: z.string(),
  /** Share of the calls that pin no version; at least one version has a share. */
  weight: z.int(),
  /** `NAME` or `NAME@VERSION`. */
  model: z.string(),
  messages: z.array(message),
  settings: z.object({
    maxTokens: z.int().exactOptional(),
    temperature: z.number().exactOptional(),
    topP: z.number().exactOptional(),
    stop: z.array(z.string()).exactOptional(),
  }),
  output: z
    .object({
      /** What providers know the schema by. */
      name: z.string(),
      /** Without references. */
      schema: z.record(z.string(), z.unknown()),
      repair: z.boolean(),
    })
    .exactOptional(),
})

/** A PromptTemplate as the gateway reads it: its texts parsed, each version complete in itself. */
export const compiledPrompt = z.object({
  variables: z.array(compiledVariable),
  /** As the user ordered them. */
  versions: z.array(version),
  expose: z
    .object({
      /** Normalised. */
      path: z.string(),
      /** Lower case; empty for every host. */
      hostnames: z.array(z.string()),
    })
    .exactOptional(),
})

export type CompiledPrompt = z.infer<typeof compiledPrompt>
export type CompiledPromptVersion = z.infer<typeof version>
export type CompiledSegment = z.infer<typeof segment>
