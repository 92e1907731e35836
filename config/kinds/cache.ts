import { z } from 'zod'
import { CACHE_SCOPES } from '../compiled/cache.ts'
import { duration, objectName } from './common.ts'

/** A decimal from 0.5 to 1, such as `0.95`. */
const threshold = z
  .string()
  .max(6)
  .regex(/^(0\.[5-9][0-9]{0,3}|1(\.0{1,4})?)$/)

const semantic = z
  .object({
    model: objectName.describe(
      'Name of the AIModelConfig that makes embeddings of the last message.',
    ),
    threshold: threshold
      .default('0.95')
      .describe('How alike two messages must be, as the cosine of their embeddings: 0.5 to 1.'),
  })
  .describe(
    'Answers also calls whose last message means the same in other words, if all else is equal. Without it, only equal calls are answered.',
  )

/** Which answers are given again; for the specs of several kinds. */
export const cache = z
  .object({
    ttl: duration.default('1h').describe('How long an answer is given again; at most 24h.'),
    per: z
      .enum(CACHE_SCOPES)
      .default('Tenant')
      .describe('Whose calls share answers: those of a tenant, or of a consumer only.'),
    semantic: semantic.optional(),
  })
  .describe(
    'Gives an answer again to calls that ask the same, whichever model gave it. A call with the header cache-control: no-cache gets a new answer; with no-store, its answer is not kept either.',
  )

export type CacheSpec = z.output<typeof cache>
