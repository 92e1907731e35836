const byName = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  one < other ? -1 : 1

const toSorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(byName))
    : value

/**
 * The same text for equal values, whatever the order of their members, and never for others.
 *
 * @throws RangeError for what is nested too deep
 */
export const toCanonicalJson = (value: unknown): string => JSON.stringify(value, toSorted)
