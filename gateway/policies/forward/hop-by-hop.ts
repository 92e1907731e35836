import { toLowerName } from '../headers/name-table.ts'

/** Values of Connection that name no header worth a search. */
const PLAIN = new Set(['keep-alive', 'close', 'Keep-Alive', 'upgrade', 'Upgrade'])

/**
 * Removes the headers that Connection names (RFC 9110 §7.6.1) from a flat list, from `from` on.
 * The common values cost nothing.
 */
export const withoutNamed = (
  headers: string[],
  connection: string | undefined,
  from = 0,
): string[] => {
  if (connection === undefined || PLAIN.has(connection)) return headers
  const named = new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
  return headers.filter((_, i) => i < from || !named.has(toLowerName(headers[i & ~1] as string)))
}

/** Joins the values of a header that came more than once (RFC 9110 §5.3). */
export const joinValues = (before: string | undefined, value: string): string =>
  before === undefined ? value : `${before}, ${value}`
