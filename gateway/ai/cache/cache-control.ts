import type { IncomingHttpHeaders } from 'node:http'

/** What a caller wants otherwise: a new answer, or also that none is kept. */
export type CacheControl = 'no-cache' | 'no-store'

/** Reads what a request says: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1 */
export const readCacheControl = (headers: IncomingHttpHeaders): CacheControl | undefined => {
  const directives = (headers['cache-control'] ?? '')
    .split(',')
    .map((directive) => directive.trim().toLowerCase())
  if (directives.includes('no-store')) return 'no-store'
  return directives.includes('no-cache') ? 'no-cache' : undefined
}
