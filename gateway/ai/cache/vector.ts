/**
 * A vector of length 1, so that the cosine of two is their product.
 *
 * @returns undefined for numbers that have no direction
 */
export const toUnitVector = (numbers: readonly number[]): Float32Array | undefined => {
  const length = Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0))
  if (!(length > 0 && Number.isFinite(length))) return undefined
  return Float32Array.from(numbers, (number) => number / length)
}

/** The cosine of two vectors of length 1; 0 for those of different spaces. */
export const toSimilarity = (one: Float32Array, other: Float32Array): number => {
  if (one.length !== other.length) return 0
  let sum = 0
  for (let i = 0; i < one.length; i += 1) sum += (one[i] as number) * (other[i] as number)
  return sum
}
