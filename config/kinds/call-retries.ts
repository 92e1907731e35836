import { z } from 'zod'
import { duration } from './common.ts'

/** How often a call of a model is tried; never once an answer has begun. */
export const retries = z
  .object({
    attempts: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe('How often all models that may answer are tried again.'),
    backoff: duration
      .default('250ms')
      .describe('Wait before that, doubled each time; a Retry-After of a provider counts more.'),
  })
  .describe(
    'What happens when a provider is unreachable, fails or limits the rate. A call that took too long is not tried again with the same model.',
  )
