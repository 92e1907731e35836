/** How many bytes of bodies all calls together may hold in memory. */
export interface ByteBudget {
  /** @returns whether there is room; then it is taken. */
  take(bytes: number): boolean
  give(bytes: number): void
}

export const createByteBudget = (maxBytes: number): ByteBudget => {
  let left = maxBytes
  return {
    take(bytes) {
      if (bytes > left) return false
      left -= bytes
      return true
    },
    give(bytes) {
      left += bytes
    },
  }
}
