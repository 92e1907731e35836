const LOWER = 1
const UPPER = 2
const DIGIT = 3

const toClass = (code: number): number => {
  if (code >= 0x61 && code <= 0x7a) return LOWER
  if (code >= 0x41 && code <= 0x5a) return UPPER
  return code >= 0x30 && code <= 0x39 ? DIGIT : 0
}

/** In bits per character: https://en.wikipedia.org/wiki/Entropy_(information_theory) */
const toEntropy = (text: string): number => {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** Of 32 characters of base 64, chance makes about 4.7. */
const MIN_ENTROPY = 4
/** Chance changes between lower case, upper case and digits in six of ten places; names do not. */
const MIN_CHANGES = 0.4
const MIN_DIGITS = 3

/** Whether only chance would put such characters beside each other: no name, no path, no hash. */
export const isRandom = (text: string): boolean => {
  const counts = [0, 0, 0, 0]
  let changes = 0
  let last = 0
  for (let i = 0; i < text.length; i += 1) {
    const kind = toClass(text.charCodeAt(i))
    counts[kind] = (counts[kind] ?? 0) + 1
    if (i > 0 && kind !== last) changes += 1
    last = kind
  }
  const [, lower = 0, upper = 0, digits = 0] = counts
  const isMixed = lower >= 3 && upper >= 3 && digits >= MIN_DIGITS
  return isMixed && changes >= text.length * MIN_CHANGES && toEntropy(text) >= MIN_ENTROPY
}
