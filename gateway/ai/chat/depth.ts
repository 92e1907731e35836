/** No call is as deep, and what is much deeper cannot be written again. */
export const MAX_DEPTH = 256

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a value is nested deeper than can be written again. A loop, for it may be. */
export const isTooDeep = (root: unknown): boolean => {
  let level = [root].filter(isNested)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_DEPTH) return true
    level = level.flatMap((value) => Object.values(value).filter(isNested))
  }
  return false
}
