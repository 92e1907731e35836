/** Epoch milliseconds with a fraction: the clock of the timelines, read more finely. */
export const now = (): number => performance.timeOrigin + performance.now()
