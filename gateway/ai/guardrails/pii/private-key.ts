import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'

const LABEL = '(?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----'
/** RFC 7468; `OPENSSH PRIVATE KEY` and `PGP PRIVATE KEY BLOCK` among them. */
const BEGIN = new RegExp(`-----BEGIN ${LABEL}`, 'g')
const END = new RegExp(`-----END ${LABEL}`, 'y')
/** What the lines of a key are made of, with line ends that are escaped. */
const BODY = /(?:[A-Za-z0-9+/=\s\\:,.()]|-(?!----)){0,16384}/y
/** No first or last line is longer. */
const LINE_REACH = 96
/** What may become a first line. */
const TAIL = /-{1,5}$|-----[A-Z][A-Z0-9 ]{0,80}-{0,4}$/

interface Key {
  readonly end: number
  /** Whether it stays as it is, whatever follows. */
  readonly isSettled: boolean
}

const readKey = (text: string, from: number): Key => {
  BODY.lastIndex = from
  BODY.test(text)
  const bodyEnd = BODY.lastIndex
  END.lastIndex = bodyEnd
  if (END.test(text)) return { end: END.lastIndex, isSettled: true }
  const mayEnd = bodyEnd === text.length || text[bodyEnd] === '-'
  return { end: bodyEnd, isSettled: !mayEnd || text.length - bodyEnd >= LINE_REACH }
}

/** Private keys from their first to their last line. */
export const findPrivateKeys = (text: string, from: number): Span[] =>
  Array.from(matchFrom(text, from, BEGIN), ({ 0: begin, index }) => ({
    start: index,
    end: readKey(text, index + begin.length).end,
    type: 'Secret',
  }))

/** Where a key begins that may go on after the end of a text. */
export const settlePrivateKeys = (text: string, from: number): number => {
  for (const { 0: begin, index } of matchFrom(text, from, BEGIN)) {
    if (!readKey(text, index + begin.length).isSettled) return index
  }
  const tail = Math.max(from, text.length - LINE_REACH)
  const at = text.slice(tail).search(TAIL)
  return at < 0 ? text.length : tail + at
}
