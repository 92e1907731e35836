import { type CompiledLimit, LIMIT_SUBJECTS, LIMIT_UNITS } from '#config/compiled/limit.ts'
import { toMicroDollars } from '#config/kinds/cost.ts'
import { type Limit, ONE_AMOUNT } from '#config/kinds/limit.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { FieldError } from './field-error.ts'

const compileAmount = (limit: Limit, field: string): Pick<CompiledLimit, 'unit' | 'max'> => {
  const [unit, ...others] = LIMIT_UNITS.filter((name) => limit[name] !== undefined)
  if (unit === undefined || others.length > 0) throw new FieldError(`${field}: ${ONE_AMOUNT}`)
  const amount = limit[unit] ?? 0
  const max = typeof amount === 'string' ? toMicroDollars(amount) : amount
  if (max === 0) throw new FieldError(`${field}.${unit}: must be more than 0`)
  return { unit, max }
}

/**
 * The limits of an object, in the order of its list.
 *
 * @param object whose the counters of nameless limits are
 * @throws FieldError when a limit has no amount, several, or one of nothing
 */
export const compileLimits = (
  limits: readonly Limit[],
  { kind, metadata: { namespace = '', name } }: KubeObject,
  field: string,
): CompiledLimit[] =>
  limits.map((limit, index) => ({
    counter:
      limit.name === undefined
        ? `${kind}/${namespace}/${name}/${index}`
        : `${namespace}/${limit.name}`,
    per: LIMIT_SUBJECTS.filter((subject) => limit.per.includes(subject)),
    ...compileAmount(limit, `${field}[${index}]`),
    window: limit.window,
    onStoreFailure: limit.onStoreFailure,
  }))
