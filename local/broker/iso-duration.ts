const PATTERN =
  /^P(?=.)(?:(?<d>\d+)D)?(?:T(?=.)(?:(?<h>\d+)H)?(?:(?<m>\d+)M)?(?:(?<s>\d+(?:\.\d+)?)S)?)?$/

const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }

/** Reads `PT0.2S`, `PT1M`, `P1D`. @returns milliseconds; undefined when it is no such duration. */
export const parseIsoDuration = (text: string): number | undefined => {
  const groups = PATTERN.exec(text)?.groups
  if (groups === undefined) return undefined
  return Object.entries(groups).reduce(
    (total, [unit, value]) => total + Number(value ?? 0) * (UNIT_MS[unit] ?? 0),
    0,
  )
}
