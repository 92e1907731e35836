import { RE2JS } from 're2js'
import type { Find, Span, Stretch } from './span.ts'

/** The longest match that is found wherever it stands. */
const MAX_MATCH = 256
/** Matches are looked for by blocks that are the same however a text comes; less than CONTEXT. */
const BLOCK = 128
/** The character before a block, of two halves if need be: what `\b` asks for. */
const BEFORE = 2

/** What is found in a block, and what follows it: so no search goes through more of the text. */
const findInBlock = (pattern: RE2JS, { text, offset }: Stretch, block: number): Span[] => {
  const start = block - offset
  const first = Math.max(0, start - BEFORE)
  const matcher = pattern.matcher(text.slice(first, start + BLOCK + MAX_MATCH))
  const spans: Span[] = []
  let at = start - first
  const end = at + BLOCK
  while (at < Math.min(end, text.length - first) && matcher.find(at) && matcher.start() < end) {
    if (matcher.end() > matcher.start()) {
      spans.push({ start: first + matcher.start(), end: first + matcher.end(), type: 'Pattern' })
    }
    at = Math.max(matcher.end(), matcher.start() + 1)
  }
  return spans
}

/**
 * Finds what patterns match, which takes time linear in the text even for patterns whose matches
 * could be as long as that.
 *
 * @param sources RE2 expressions that compile
 */
export const createPatternFinder = (sources: readonly string[]): Find => {
  const patterns = sources.map((source) => RE2JS.compile(source))
  return (stretch) => {
    const { text, offset, from } = stretch
    const spans: Span[] = []
    const end = offset + text.length
    const firstBlock = Math.floor((offset + from) / BLOCK) * BLOCK
    for (let block = firstBlock; block < end; block += BLOCK) {
      for (const pattern of patterns) spans.push(...findInBlock(pattern, stretch, block))
    }
    const whole = Math.floor((end - MAX_MATCH) / BLOCK) * BLOCK
    return { spans: spans.filter(({ start }) => start >= from), settled: whole - offset }
  }
}
