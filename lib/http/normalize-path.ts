import { resolvePath } from './resolve-path.ts'

const DOT = 0x2e
const SLASH = 0x2f

/** `#`, `%`, `?`, `\`, and all that is not printable ASCII, need a closer look. */
const isPlain = Uint8Array.from({ length: 0x80 }, (_, code) =>
  code > 0x20 && code < 0x7f && !'#%?\\'.includes(String.fromCharCode(code)) ? 1 : 0,
)

const isNormal = (raw: string): boolean => {
  if (raw.charCodeAt(0) !== SLASH) return false
  let previous = SLASH
  for (let i = 1; i < raw.length; i += 1) {
    const code = raw.charCodeAt(i)
    if (isPlain[code] !== 1) return false
    // An empty segment, a dot segment, or a name with a leading dot, which is rare enough.
    if (previous === SLASH && (code === SLASH || code === DOT)) return false
    previous = code
  }
  return true
}

/**
 * The one form of a request's path that is matched and that is forwarded, so that gateway and
 * upstream never read it differently; undefined for a path to be answered with 400.
 *
 * `raw` is the path alone, without query. Refused: what does not start with `/`; control
 * characters, space, non-ASCII, `\`, `#`, `?`; malformed escapes; escaped control characters and
 * `\`; `..` above the root. Escaped unreserved characters are decoded, other escapes get upper-case
 * digits: `%2F` is data and never separates. Runs of `/` become one, then dot segments resolve.
 */
export const normalizePath = (raw: string): string | undefined =>
  isNormal(raw) ? raw : resolvePath(raw)
