import { RE2JS } from 're2js'

const MAX_PATTERNS = 1000
const compiled = new Map<string, RE2JS>()

/**
 * An RE2 expression: it runs in linear time whatever the pattern. Compiled once.
 * @throws when the pattern is no RE2 expression
 */
export const compilePattern = (pattern: string): RE2JS => {
  let expression = compiled.get(pattern)
  if (!expression) {
    expression = RE2JS.compile(pattern)
    if (compiled.size >= MAX_PATTERNS) compiled.clear()
    compiled.set(pattern, expression)
  }
  return expression
}

/** Whether a text has a part that the pattern matches. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  compilePattern(pattern).matcher(text).find()

/** The first part of a text that the pattern matches, or ''. */
export const findPattern = (pattern: string, text: string): string => {
  const matcher = compilePattern(pattern).matcher(text)
  return matcher.find() ? (matcher.group() ?? '') : ''
}
