/** Negative when `a` goes before `b`, 0 when that does not matter. */
export type Compare<T> = (a: T, b: T) => number

/** Position of the first item that does not go before `item`. */
const positionOf = <T>(list: readonly T[], item: T, compare: Compare<T>): number => {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = list[middle]
    if (other !== undefined && compare(other, item) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Inserts in O(log n) comparisons. */
export const insertSorted = <T>(list: T[], item: T, compare: Compare<T>): void => {
  list.splice(positionOf(list, item, compare), 0, item)
}

/** Removes this very item, if it is there. */
export const removeSorted = <T>(list: T[], item: T, compare: Compare<T>): void => {
  const position = list.indexOf(item, positionOf(list, item, compare))
  if (position >= 0) list.splice(position, 1)
}
