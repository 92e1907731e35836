/** A word, in lower case, and where it stands. */
export interface Word {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** Languages that write no spaces: each character is a word. */
const ALONE = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}'
/** Marks that are not seen, and would hide a word, are a part of it. */
const UNSEEN = '\\u00ad\\u200b-\\u200d\\u2060\\ufeff'
const IN_WORD = `[[\\p{L}\\p{N}\\p{M}_'\\u2019${UNSEEN}]--[${ALONE}]]`
const WORD = new RegExp(`[${ALONE}]|(?<!${IN_WORD})${IN_WORD}+`, 'gv')
const UNSEEN_MARKS = new RegExp(`[${UNSEEN}]`, 'g')

/** None that means something is longer. */
const MAX_WORD = 256

const ASCII = /^[\0-\x7f]*$/

const toPlain = (word: string): string => {
  if (word.length > MAX_WORD) return ''
  if (ASCII.test(word)) return word.toLowerCase()
  return word.replace(UNSEEN_MARKS, '').replaceAll('\u2019', "'").normalize('NFKC').toLowerCase()
}

/** The words that begin at `from` or later. */
export const readWords = (text: string, from: number): Word[] => {
  WORD.lastIndex = from
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    word: toPlain(word),
    start: index,
    end: index + word.length,
  }))
}
