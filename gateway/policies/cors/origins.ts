const PATTERN = /^(https?):\/\/(\*|(?:\*\.)?[a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d{1,5}|\*))?$/
const ORIGIN = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?$/
/** RFC 6454 §6.1, of any scheme: what may be echoed when every origin is allowed. */
const ANY_ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[a-z0-9._:[\]-]+)$/

interface OriginPattern {
  readonly scheme: string
  /** `*`, `*.suffix` or a host. */
  readonly host: string
  /** `*`, or a number. */
  readonly port: string
}

/**
 * Prepares the origins a route allows (Gateway API CORSOrigin): `*`; `scheme://host[:port]` where
 * the host is exact, `*` or begins with `*.` for one or more labels, and the port is a number or
 * `*`. Without a port, the scheme's own is meant.
 * @throws TypeError for anything else.
 */
export const createOriginMatcher = (
  allowOrigins: readonly string[],
): ((origin: string) => boolean) => {
  if (allowOrigins.includes('*')) return (origin) => ANY_ORIGIN.test(origin.toLowerCase())
  const patterns = allowOrigins.map(parsePattern)
  const isWild = ({ host, port }: OriginPattern) => host.startsWith('*') || port === '*'
  const exact = new Set(patterns.filter((pattern) => !isWild(pattern)).map(toText))
  const wild = patterns.filter(isWild)
  return (origin) => {
    if (exact.has(origin)) return true
    const parsed = split(ORIGIN, origin)
    return (
      parsed !== undefined &&
      (exact.has(toText(parsed)) || wild.some((pattern) => covers(pattern, parsed)))
    )
  }
}

const parsePattern = (text: string): OriginPattern => {
  const pattern = split(PATTERN, text)
  if (pattern === undefined) throw new TypeError(`invalid CORS origin ${JSON.stringify(text)}`)
  return pattern
}

const split = (form: RegExp, text: string): OriginPattern | undefined => {
  const [, scheme, host, port] = form.exec(text.toLowerCase()) ?? []
  if (scheme === undefined || host === undefined) return undefined
  return { scheme, host, port: port ?? (scheme === 'https' ? '443' : '80') }
}

/** As a browser writes it: without the port when it is the scheme's own. */
const toText = ({ scheme, host, port }: OriginPattern): string =>
  port === (scheme === 'https' ? '443' : '80')
    ? `${scheme}://${host}`
    : `${scheme}://${host}:${port}`

const covers = (pattern: OriginPattern, origin: OriginPattern): boolean =>
  pattern.scheme === origin.scheme &&
  (pattern.port === '*' || pattern.port === origin.port) &&
  (pattern.host === '*' || pattern.host === origin.host || isBelow(origin.host, pattern.host))

/** Whether `host` has at least one label before the suffix of `*.suffix`. */
const isBelow = (host: string, wildcard: string): boolean =>
  wildcard.startsWith('*.') && !host.startsWith('.') && host.endsWith(wildcard.slice(1))
