/** Where something stands in a text. */
export interface Span {
  readonly start: number
  readonly end: number
  /** What it is, such as `Email`. */
  readonly type: string
}

/** A stretch of a text that comes in pieces. */
export interface Stretch {
  /** All that is known from `offset` on; more may follow. */
  readonly text: string
  /** How much of the whole text came before. */
  readonly offset: number
  /** What begins before is known already; up to CONTEXT characters of it are here to look back. */
  readonly from: number
}

/** What is found in a stretch. */
export interface Found {
  /** Those that begin at `from` or later. They may overlap. */
  readonly spans: readonly Span[]
  /** What begins before stays as it is, whatever follows. */
  readonly settled: number
}

/**
 * Finds something in a text. Whether a span begins at some place must depend on nothing but the
 * CONTEXT characters before it and what follows: so it is found wherever the text is cut.
 */
export type Find = (stretch: Stretch) => Found

/** How far a `Find` may look back. */
export const CONTEXT = 192

/** A whole text, as a stretch. */
export const toStretch = (text: string): Stretch => ({ text, offset: 0, from: 0 })

/** By place; of those at the same place, the longest first. */
export const bySpan = (a: Span, b: Span): number => a.start - b.start || b.end - a.end
