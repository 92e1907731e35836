import { z } from 'zod'

/** An amount of US dollars: `2`, `12.50`, `0.000125`. */
export const dollars = z
  .string()
  .max(16)
  .regex(/^[0-9]{1,9}(\.[0-9]{1,6})?$/)

/** Reads an amount of dollars, exactly. @returns micro-dollars */
export const toMicroDollars = (text: string): number => {
  const [whole = '', fraction = ''] = text.split('.')
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'))
}

const rate = dollars.optional()

/** What a model costs, where the list that the gateway has is not right for its user. */
export const modelCost = z
  .object({
    inputPerMillion: rate.describe('For a million input tokens.'),
    outputPerMillion: rate.describe('For a million output tokens.'),
    cachedInputPerMillion: rate.describe(
      'For a million input tokens that the provider found in its cache. Default: as listed, or as input.',
    ),
    cacheWritePerMillion: rate.describe(
      'For a million input tokens that the provider put into its cache. Default: as listed, or as input.',
    ),
  })
  .describe(
    'Prices in US dollars, in place of the listed ones. A model that is not listed has a price only if both inputPerMillion and outputPerMillion are set.',
  )

export type ModelCost = z.output<typeof modelCost>
