/** RFC 3986 §2.3. */
const UNRESERVED = /[A-Za-z0-9\-._~]/
/** Control characters, space and DEL, `\`. */
const REFUSED = /[\0- \\\x7f]/

/** Decodes what means the same decoded; undefined when nothing good is meant. */
const normalizeTriplet = (triplet: string): string | undefined => {
  const char = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  if (UNRESERVED.test(char)) return char
  // An encoded space is data; encoded control characters and `\` are attempts.
  return char !== ' ' && REFUSED.test(char) ? undefined : triplet.toUpperCase()
}

const normalizeEscapes = (raw: string): string | undefined => {
  let valid = true
  const normalized = raw.replace(/%[0-9A-Fa-f]{2}|%/g, (triplet) => {
    const replacement = triplet === '%' ? undefined : normalizeTriplet(triplet)
    valid &&= replacement !== undefined
    return replacement ?? ''
  })
  return valid ? normalized : undefined
}

const resolveSegments = (path: string): string | undefined => {
  const resolved: string[] = []
  const segments = path.split('/')
  for (const segment of segments) {
    if (segment === '..' && resolved.pop() === undefined) return undefined
    if (segment !== '' && segment !== '.' && segment !== '..') resolved.push(segment)
  }
  const isFolder = ['', '.', '..'].includes(segments.at(-1) ?? '')
  return resolved.length === 0 ? '/' : `/${resolved.join('/')}${isFolder ? '/' : ''}`
}

/** `normalizePath` without its fast path: the rules themselves. */
export const resolvePath = (raw: string): string | undefined => {
  if (!/^\/[!"$->@-[\]-~]*$/.test(raw)) return undefined
  const path = normalizeEscapes(raw)
  return path === undefined ? undefined : resolveSegments(path)
}
