import { z } from 'zod'
import { LIMIT_SUBJECTS, LIMIT_UNITS, LIMIT_WINDOWS, STORE_FAILURES } from '../compiled/limit.ts'
import { cel, objectName } from './common.ts'
import { dollars } from './cost.ts'

const amount = z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional()

/** What is wrong with a limit that has no amount, or several. */
export const ONE_AMOUNT = `exactly one of ${LIMIT_UNITS.join(', ')} must be set`

const limit = z
  .object({
    name: objectName
      .optional()
      .describe(
        'Limits of one name share their counters within a namespace, whichever object they stand in, if per, unit and window are the same. Default: counters of its own.',
      ),
    per: z
      .array(z.enum(LIMIT_SUBJECTS))
      .max(LIMIT_SUBJECTS.length)
      .describe('Whose calls are counted apart; with none, all calls are counted together.')
      .meta({ 'x-kubernetes-list-type': 'set' }),
    requests: amount.describe('Most requests in a window.'),
    tokens: amount.describe('Most tokens in a window, input and output.'),
    inputTokens: amount.describe('Most input tokens in a window.'),
    outputTokens: amount.describe('Most output tokens in a window.'),
    cost: dollars.optional().describe('Most US dollars in a window, such as 12.50.'),
    window: z
      .enum(LIMIT_WINDOWS)
      .describe('After what counting begins again: at the full minute, hour, day or month in UTC.'),
    onStoreFailure: z
      .enum(STORE_FAILURES)
      .default('Local')
      .describe(
        'While the shared store does not answer: Allow as if there were no limit, Deny every call, or count in each replica on its own (Local).',
      ),
  })
  .meta(
    cel({
      rule: `[${LIMIT_UNITS.map((unit) => `has(self.${unit})`).join(', ')}].filter(isSet, isSet).size() == 1`,
      message: ONE_AMOUNT,
    }),
  )

/** How much callers may use. */
export const limits = z.array(limit).max(16).describe('How much callers may use in a time.')

export type Limit = z.output<typeof limit>
