/** What a header name means to an intermediary. */
export const FieldKind = {
  endToEnd: 0,
  hopByHop: 1,
  contentLength: 2,
  transferEncoding: 3,
  connection: 4,
  keepAlive: 5,
  upgrade: 6,
  host: 7,
} as const

/** A header name as it was spelled, checked and classified. */
export interface FieldName {
  readonly name: string
  readonly lower: string
  readonly kind: number
}

const kinds = new Map<string, number>([
  ['content-length', FieldKind.contentLength],
  ['transfer-encoding', FieldKind.transferEncoding],
  ['connection', FieldKind.connection],
  ['keep-alive', FieldKind.keepAlive],
  ['upgrade', FieldKind.upgrade],
  ['host', FieldKind.host],
  ['proxy-connection', FieldKind.hopByHop],
  ['proxy-authenticate', FieldKind.hopByHop],
  ['proxy-authorization', FieldKind.hopByHop],
  ['te', FieldKind.hopByHop],
  ['trailer', FieldKind.hopByHop],
  ['expect', FieldKind.hopByHop],
  ['http2-settings', FieldKind.hopByHop],
])

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Names are interned as spelled; names chosen by an attacker must not fill the memory. */
const maxInterned = 2048
const maxInternedLength = 64
const interned = new Map<string, FieldName>()

/** True for a method, header name or protocol name. */
export const isToken = (text: string) => token.test(text)

/** Looks a header name up by its exact spelling; undefined when it is no valid name. */
export const fieldName = (raw: string): FieldName | undefined => interned.get(raw) ?? classify(raw)

const classify = (raw: string): FieldName | undefined => {
  if (!token.test(raw)) return undefined
  const lower = raw.toLowerCase()
  const kind = kinds.get(lower) ?? FieldKind.endToEnd
  if (raw.length > maxInternedLength) return { name: raw, lower, kind }
  // A slice would keep the whole message it was cut from alive.
  const name = Buffer.from(raw, 'latin1').toString('latin1')
  const field = { name, lower: name.toLowerCase(), kind }
  // Starting over costs little; refusing new names would leave the table to whoever filled it.
  if (interned.size >= maxInterned) interned.clear()
  interned.set(name, field)
  return field
}
