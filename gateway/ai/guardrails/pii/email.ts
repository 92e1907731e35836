import { findRunStart, toCharacterSet } from '../characters.ts'
import type { Span } from '../span.ts'

const isLocal = toCharacterSet(/[A-Za-z0-9._%+'-]/)
/** RFC 5321, 4.5.3.1. */
const MAX_LOCAL = 64
const DOMAIN =
  /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9_@])/y

/** Where the local part begins, quotes and dots before it aside. */
const findStart = (text: string, at: number): number | undefined => {
  const run = findRunStart(text, at, isLocal, MAX_LOCAL + 1)
  if (at - run > MAX_LOCAL) return undefined
  const start = run + text.slice(run, at).search(/[A-Za-z0-9_]/)
  return start >= run && /[A-Za-z0-9_+-]/.test(text.charAt(at - 1)) ? start : undefined
}

/** Addresses for mail. */
export const findEmails = (text: string, from: number): Span[] => {
  const spans: Span[] = []
  for (let at = text.indexOf('@', from); at >= 0; at = text.indexOf('@', at + 1)) {
    DOMAIN.lastIndex = at + 1
    const start = findStart(text, at)
    // Repositories are named `git@host:path`.
    if (start === undefined || start < from || text.slice(start, at) === 'git') continue
    if (DOMAIN.test(text)) spans.push({ start, end: DOMAIN.lastIndex, type: 'Email' })
  }
  return spans
}
