const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The place after the closing quote of the string that begins at `from`. */
const skipString = (json: string, from: number): number => {
  let at = from + 1
  while (at < json.length && json.charCodeAt(at) !== QUOTE) {
    at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  }
  return at + 1
}

/** A number as long as that could be one of a card or an account. */
const NUMBER = /-?[0-9][0-9.eE+-]{6,}/g

/** A number that must not be seen becomes a string. */
const rewriteNumbers = (json: string, rewrite: (text: string) => string): string =>
  json.replace(NUMBER, (number) => {
    const changed = rewrite(number)
    return changed === number ? number : JSON.stringify(changed)
  })

const rewriteString = (json: string, rewrite: (text: string) => string): string => {
  const text: string = JSON.parse(json)
  const changed = rewrite(text)
  return changed === text ? json : JSON.stringify(changed)
}

/** Whether it is JSON. */
export const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Rewrites the strings and long numbers of JSON, names of members among them, and leaves every
 * other character as it is.
 *
 * @param json valid
 */
export const rewriteJson = (json: string, rewrite: (text: string) => string): string => {
  const parts: string[] = []
  let passed = 0
  for (let quote = json.indexOf('"'); quote >= 0; quote = json.indexOf('"', passed)) {
    const end = skipString(json, quote)
    parts.push(rewriteNumbers(json.slice(passed, quote), rewrite))
    parts.push(rewriteString(json.slice(quote, end), rewrite))
    passed = end
  }
  parts.push(rewriteNumbers(json.slice(passed), rewrite))
  return parts.join('')
}
