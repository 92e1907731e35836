/** True for this percentage of the calls. `random` is in [0, 1). */
export const createSampler = (percent: number, random: () => number): (() => boolean) => {
  if (percent >= 100) return () => true
  if (!(percent > 0)) return () => false
  return () => random() * 100 < percent
}
