import type { CompiledLimit } from '#config/compiled/limit.ts'

/** Who is counted. */
export interface LimitedCaller {
  readonly consumer: string
  readonly team?: string | undefined
  readonly tenant?: string | undefined
}

const FIELDS = { Consumer: 'consumer', Team: 'team', Tenant: 'tenant' } as const

/**
 * Names the counter of a caller. It is JSON, so that no two callers share one, whatever their names
 * hold; and it says what is counted, so that limits of one name that count different things do not
 * share. Who has no team, or no tenant, is of the one without a name.
 */
export const toLimitKey = (
  { counter, unit, window, per }: CompiledLimit,
  caller: LimitedCaller,
): string =>
  JSON.stringify([
    counter,
    unit,
    window,
    ...per.flatMap((subject) => [subject, caller[FIELDS[subject]] ?? '']),
  ])
