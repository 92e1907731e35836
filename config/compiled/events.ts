import { z } from 'zod'
import { objectVersion } from './fragment.ts'

/** CloudEvent types on the Broker, besides those of the ApiServerSource. */
export const COMPILED = 'dev.penstock.config.compiled'
export const PROGRAMMED = 'dev.penstock.gateway.programmed'
export const RESYNC = 'dev.penstock.resync'
/** Prefix of the ApiServerSource's types in Resource mode: `.add`, `.update`, `.delete`. */
export const RESOURCE_PREFIX = 'dev.knative.apiserver.resource.'

/** A condition without what only the status writer knows: when it changed. */
export const verdict = z.object({
  type: z.enum(['Accepted', 'ResolvedRefs', 'Programmed']),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
})

/** One object that was compiled, or could not be. */
export const compiled = z.object({
  version: objectVersion,
  verdict,
  /** Generation the gateway goes on to serve; absent when there is none. */
  servedGeneration: z.int().optional(),
})

/** Data of {@link COMPILED}. */
export const compiledBatch = z.object({ objects: z.array(compiled) })

/** Why a reference of a served object leads nowhere. */
export const problem = z.object({ reason: z.string(), message: z.string() })

/** One object as a gateway replica serves it. */
export const served = objectVersion.extend({ hash: z.string(), problems: z.array(problem) })

/**
 * Data of {@link PROGRAMMED}: a replica's own word on what it serves. `boot` changes with each
 * start of the replica and `sequence` grows within it. Without `objects`: ask the replica.
 */
export const programmed = z.object({
  replica: z.string(),
  boot: z.string(),
  sequence: z.int(),
  objects: z.array(served).optional(),
})

/** Answer of a replica's admin listener to `GET /config`. */
export const loadedConfig = programmed.extend({ objects: z.array(served) })

export type Verdict = z.infer<typeof verdict>
export type Compiled = z.infer<typeof compiled>
export type Problem = z.infer<typeof problem>
export type Served = z.infer<typeof served>
export type Programmed = z.infer<typeof programmed>
export type LoadedConfig = z.infer<typeof loadedConfig>
