/** What a request's headers say of where it goes and where it ends. */
export interface HeaderScan {
  /** Number of Host headers. */
  hosts: number
  /** The first one, or empty. */
  host: string
  /** Transfer-Encoding, all of them joined, or empty. */
  coding: string
  /** RFC 9112 §6.3: without framing there is none. */
  hasBody: boolean
}

/** One for all requests, so that none allocates. */
const scan: HeaderScan = { hosts: 0, host: '', coding: '', hasBody: false }

const take = (name: string, value: string): void => {
  if (name === 'host') {
    if (scan.hosts === 0) scan.host = value
    scan.hosts += 1
  } else if (name === 'content-length') {
    if (value !== '0') scan.hasBody = true
  } else if (name === 'transfer-encoding') {
    scan.coding = scan.coding === '' ? value : `${scan.coding}, ${value}`
    scan.hasBody = true
  }
}

/** Reads node's `rawHeaders`. The result is valid until the next call. */
export const scanHeaders = (rawHeaders: readonly string[]): Readonly<HeaderScan> => {
  scan.hosts = 0
  scan.host = ''
  scan.coding = ''
  scan.hasBody = false
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    const { length } = name
    if (length === 4 || length === 14 || length === 17) {
      take(name.toLowerCase(), rawHeaders[i + 1] as string)
    }
  }
  return scan
}
