/** Longer names are rare and not worth remembering. */
const MAX_NAME_LENGTH = 64
/** Clients choose the names, so a full table starts afresh. */
const MAX_NAMES = 1024

/**
 * Remembers what `classify` says of a header name, by the name as it came: the common case costs
 * one lookup and no lower-casing.
 */
export const createNameTable = <T extends string>(
  classify: (lowerCaseName: string) => T,
): ((name: string) => T) => {
  const known = new Map<string, T>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const value = classify(name.toLowerCase())
    if (name.length <= MAX_NAME_LENGTH) {
      if (known.size >= MAX_NAMES) known.clear()
      known.set(name, value)
    }
    return value
  }
}

/** A header name in lower case. */
export const toLowerName = createNameTable((name) => name)
