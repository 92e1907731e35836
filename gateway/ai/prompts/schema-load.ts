/** Values of a list are compared much faster than schemas are checked. */
const VALUES_PER_SCHEMA = 64

const most = (values: readonly unknown[]): number => Math.max(0, ...values.map(toLoad))

/**
 * About how many schemas one value of an answer may have to fit, at most: all those of `anyOf`, but
 * one of `properties`.
 */
export const toLoad = (schema: unknown): number => {
  if (typeof schema !== 'object' || schema === null) return 0
  let load = Array.isArray(schema) ? schema.length / VALUES_PER_SCHEMA : 1
  for (const [key, child] of Object.entries(schema)) {
    const isChoice = key === 'properties' && typeof child === 'object' && child !== null
    load += isChoice ? most(Object.values(child)) : toLoad(child)
  }
  return load
}
