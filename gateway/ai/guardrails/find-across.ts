import { bySpan, type Find, type Span, toStretch } from './span.ts'

/** Those of each text by itself. */
const findWithin = (texts: readonly string[], find: Find): Span[] => {
  let offset = 0
  return texts.flatMap((text) => {
    const before = offset
    offset += text.length
    const { spans } = find(toStretch(text))
    return spans.map((span) => ({ ...span, start: span.start + before, end: span.end + before }))
  })
}

/** What spans cover together, by place. @param spans by place */
const toCover = (spans: readonly Span[]): { start: number; end: number }[] => {
  const cover: { start: number; end: number }[] = []
  for (const { start, end } of spans) {
    const last = cover.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else cover.push({ start, end })
  }
  return cover
}

/** @param known by place */
const createOverlapTest = (known: readonly Span[]) => {
  const cover = toCover(known)
  let next = 0
  /** To be asked by place. */
  return ({ start, end }: Span): boolean => {
    while ((cover[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next += 1
    return (cover[next]?.start ?? Number.POSITIVE_INFINITY) < end
  }
}

/**
 * Finds in texts that follow each other what is in one of them, and what goes over several. The end
 * of one and the beginning of the next are often two words: what is found in one by itself goes no
 * further, unless it is a secret, of which nothing may be left.
 */
export const findAcross =
  (texts: readonly string[], find: Find): Find =>
  (stretch) => {
    const within = findWithin(texts, find).sort(bySpan)
    const isKnown = createOverlapTest(within)
    const across = find(stretch)
      .spans.toSorted(bySpan)
      .filter((span) => !isKnown(span) || span.type === 'Secret')
    return { spans: [...within, ...across], settled: stretch.text.length }
  }
