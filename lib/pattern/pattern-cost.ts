/** Quoted text, escape, class, repetition, or any other character, in RE2's syntax. */
const TOKEN = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|./gs

/**
 * About how many instructions RE2 would compile a pattern to, without doing so: repetitions are
 * unrolled, so that a few characters can stand for very many.
 */
export const patternCost = (source: string): number => {
  /** Of each group that is open, the innermost last. */
  const open: number[] = []
  let total = 0
  let last = 0
  for (const [token, min, max] of source.matchAll(TOKEN)) {
    if (token === '(') {
      open.push(total)
      total = 0
      continue
    }
    if (token === ')') {
      last = total + 1
      total = open.pop() ?? 0
    } else if (min === undefined) {
      last = token.startsWith('\\Q') ? token.length : 1
    } else {
      last *= Math.max(0, Number(max || min) - 1)
    }
    total += last
  }
  return open.reduce((sum, outer) => sum + outer, total)
}
