import { isIPv6 } from 'node:net'

/** Longest DNS name; a bound for the number of wildcards to look up, too. */
const MAX_NAME_LENGTH = 253

/** Name of labels, or an address in brackets; a final dot; a port. */
const AUTHORITY =
  /^(?:([a-z0-9\-_~!$&'()*+,;=]+(?:\.[a-z0-9\-_~!$&'()*+,;=]+)*)\.?|\[([0-9a-f:.]+)\])(?::([0-9]{1,5}))?$/i

/**
 * Host of a `Host` header or `:authority`: lower case, without port and final dot, an IPv6 address
 * in its brackets. `''` when there is none; undefined for one to be answered with 400, which
 * escapes (`%41`) and empty labels are too: no hostname of a route can mean them.
 */
export const normalizeHost = (raw: string | undefined): string | undefined => {
  if (raw === undefined || raw === '') return ''
  const [, name, address, port] = AUTHORITY.exec(raw) ?? []
  if (port !== undefined && Number(port) > 65_535) return undefined
  if (address !== undefined) return isIPv6(address) ? `[${address.toLowerCase()}]` : undefined
  return name !== undefined && name.length <= MAX_NAME_LENGTH ? name.toLowerCase() : undefined
}
