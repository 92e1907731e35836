const CHARACTERS_PER_TOKEN = 4
/** Three letters and a space make one token, so a number of words is a number of tokens. */
const WORDS = ['one', 'two', 'six', 'ten', 'all', 'and', 'few', 'but', 'yes', 'may', 'now', 'end']

/** The fixed rule of this mock: a token for every four characters begun, and at least one. */
export const countTokens = (text: string): number =>
  Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN))

/** The first so many tokens. */
export const truncate = (text: string, tokens: number): string => {
  const end = tokens * CHARACTERS_PER_TOKEN
  if (text.length <= end) return text
  const isPairHalved = /[\uD800-\uDBFF]/.test(text.charAt(end - 1))
  return text.slice(0, isPairHalved ? end - 1 : end)
}

export const toWords = (count: number): string =>
  Array.from({ length: count }, (_, index) => WORDS[index % WORDS.length]).join(' ')

/** A text as a stream brings it: word by word, each with the space before it. */
export const toPieces = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\S)(?=\s)/))

/** JSON as a stream brings it: wherever a token ends. */
export const toFragments = (json: string): string[] => json.match(/.{1,8}/gsu) ?? []
