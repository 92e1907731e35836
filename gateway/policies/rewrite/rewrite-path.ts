import type { CompiledPathModifier } from '#config/compiled/api-route.ts'

/** Path in, prefix that the route matched, path out; none of them with a query. */
export type PathModifier = (path: string, matchedPrefix: string) => string

/**
 * Prepares a path change of a route (Gateway API HTTPPathModifier). The result always begins with
 * one slash, is never empty, and has no `//` that the path after the prefix had not.
 */
export const createPathModifier = (
  modifier: CompiledPathModifier | undefined,
): PathModifier | undefined => {
  if (modifier === undefined) return undefined
  const value = toPath(modifier.value)
  if (modifier.type === 'ReplaceFullPath') return () => value
  const replacement = value.endsWith('/') ? value.slice(0, -1) : value
  return (path, matchedPrefix) => {
    const rest = path.slice(
      matchedPrefix.endsWith('/') ? matchedPrefix.length - 1 : matchedPrefix.length,
    )
    if (rest === '') return replacement || '/'
    // Also for a path with `//` after the prefix: `//host` would name another server.
    return replacement + (rest.startsWith('//') ? rest.replace(/^\/+/, '/') : rest)
  }
}

/** One leading slash, no doubled ones, and only characters that a request line may carry. */
const toPath = (value: string): string =>
  `/${value}`
    .replace(/\/{2,}/g, '/')
    .toWellFormed()
    .replace(/[^\x21-\x7e]/gu, encodeURIComponent)
