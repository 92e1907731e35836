import type { Filter, Trigger } from './trigger.ts'

/** Context attributes and extensions of an event, by lower case name. */
export type Attributes = Readonly<Record<string, string>>

/** Whether an event is for a Trigger. */
export type Predicate = (attributes: Attributes) => boolean

type Compare = (actual: string, wanted: string) => boolean

const every =
  (wanted: Record<string, string>, compare: Compare): Predicate =>
  (attributes) =>
    Object.entries(wanted).every(([name, value]) => {
      const actual = attributes[name]
      return actual !== undefined && compare(actual, value)
    })

const equals: Compare = (actual, wanted) => actual === wanted
const startsWith: Compare = (actual, wanted) => actual.startsWith(wanted)
const endsWith: Compare = (actual, wanted) => actual.endsWith(wanted)
/** The original filter: an empty value asks only that the attribute is there and not empty. */
const equalsOrAny: Compare = (actual, wanted) => (wanted === '' ? actual !== '' : actual === wanted)

const compileOne = (filter: Filter): Predicate => {
  const { exact, prefix, suffix, all, any, not } = filter
  if (exact) return every(exact, equals)
  if (prefix) return every(prefix, startsWith)
  if (suffix) return every(suffix, endsWith)
  if (all) return compileAll(all)
  if (any) {
    const parts = any.map(compileOne)
    return (attributes) => parts.some((part) => part(attributes))
  }
  const negated = not ? compileOne(not) : () => false
  return (attributes) => !negated(attributes)
}

const compileAll = (filters: readonly Filter[]): Predicate => {
  const parts = filters.map(compileOne)
  return (attributes) => parts.every((part) => part(attributes))
}

/**
 * A Trigger's filter as Knative reads it: `filters` before `filter.attributes`; none of them lets
 * every event through. Data is never looked at.
 */
export const compileFilter = ({ filter, filters = [] }: Trigger['spec']): Predicate =>
  filters.length > 0 ? compileAll(filters) : every(filter?.attributes ?? {}, equalsOrAny)
