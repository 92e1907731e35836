import type { Find, Span, Stretch } from './span.ts'
import { readWords, type Word } from './words.ts'

/** Words that begin phrases, and what may follow them. */
interface Node {
  readonly next: Map<string, Node>
  /** Whether a phrase ends here. */
  isEnd: boolean
}

const createNode = (): Node => ({ next: new Map(), isEnd: false })

/** As many characters may stand between two words of a phrase. */
const MAX_GAP = 16

const addPhrase = (root: Node, phrase: string): void => {
  let node = root
  for (const { word } of readWords(phrase, 0)) {
    const next = node.next.get(word) ?? createNode()
    node.next.set(word, next)
    node = next
  }
  node.isEnd = node !== root
}

interface Walk {
  /** Where the longest phrase ends. */
  readonly end: number | undefined
  /** Whether more text could change that. */
  readonly isOpen: boolean
}

const walk = (root: Node, words: readonly Word[], first: number, length: number): Walk => {
  let node = root
  let end: number | undefined
  let last = words[first]?.start ?? 0
  for (let i = first; i < words.length; i += 1) {
    const word = words[i]
    if (!word || word.start - last > MAX_GAP) return { end, isOpen: false }
    if (word.end === length) {
      const isPhrase = node.next.get(word.word)?.isEnd === true
      return { end: isPhrase ? word.end : end, isOpen: word.word !== '' }
    }
    const next = node.next.get(word.word)
    if (!next) return { end, isOpen: false }
    if (next.isEnd) end = word.end
    last = word.end
    node = next
  }
  return { end, isOpen: node.next.size > 0 && length - last <= MAX_GAP }
}

const findPhrases = (root: Node, { text, from }: Stretch) => {
  const words = readWords(text, from)
  const spans: Span[] = []
  let settled = text.length
  for (const [index, { start }] of words.entries()) {
    const { end, isOpen } = walk(root, words, index, text.length)
    if (end !== undefined) spans.push({ start, end, type: 'Topic' })
    if (isOpen) settled = Math.min(settled, start)
  }
  return { spans, settled }
}

/** Finds words and phrases, whatever the case of their letters and what stands between them. */
export const createTopicFinder = (phrases: readonly string[]): Find => {
  const root = createNode()
  for (const phrase of phrases) addPhrase(root, phrase)
  return (stretch) => findPhrases(root, stretch)
}
