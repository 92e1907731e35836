/** A choice and its share of all choices. */
export interface Weighted<T> {
  readonly weight: number
  readonly value: T
}

/**
 * Chooses among backends in proportion to their weights, in O(log n). Weight 0 is never chosen;
 * undefined when no backend has a weight. `random` is in [0, 1).
 */
export const createWeightedPick = <T>(
  backends: readonly Weighted<T>[],
  random: () => number,
): (() => T | undefined) => {
  const eligible = backends.filter(({ weight }) => weight > 0)
  const values = eligible.map(({ value }) => value)
  if (values.length <= 1) return () => values[0]
  let total = 0
  const bounds = eligible.map(({ weight }) => {
    total += weight
    return total
  })
  return () => values[firstAbove(bounds, random() * total)]
}

/** Index of the first bound greater than `point`, the last bound's at most. */
const firstAbove = (bounds: readonly number[], point: number): number => {
  let low = 0
  let high = bounds.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bounds[middle] as number) > point) high = middle
    else low = middle + 1
  }
  return low
}
