import { createHash, createHmac } from 'node:crypto'

/** Whose request it is. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of credentials that expire. */
  readonly sessionToken?: string
}

/** A request that is to be signed. */
export interface UnsignedRequest {
  readonly method: string
  /** As it is sent, with the port if there is one. */
  readonly host: string
  /** As it is sent, with the query if there is one. */
  readonly path: string
  /** Names and values of what is signed beside the host; nobody may change them on the way. */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array
  readonly credentials: AwsCredentials
  readonly region: string
  readonly service: string
  readonly now: Date
}

/** Signs requests to AWS. */
export interface AwsSigner {
  /** @returns names and values of headers to add */
  sign(request: UnsignedRequest): readonly string[]
}

type Pair = readonly [name: string, value: string]

const ALGORITHM = 'AWS4-HMAC-SHA256'
/** Of credentials, days, regions; more are made again. */
const MAX_KEYS = 256

const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest()

/** What `encodeURIComponent` leaves and RFC 3986 reserves. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const compare = ([a, x]: Pair, [b, y]: Pair): number => {
  if (a !== b) return a < b ? -1 : 1
  return x < y ? -1 : Number(x > y)
}

/** What is encoded on the wire is encoded again: so has every service it but S3. */
const toCanonicalPath = (path: string): string => path.split('/').map(encode).join('/') || '/'

const toCanonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]): Pair => [encode(name), encode(value)])
    .sort(compare)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** By name, in lower case and in order; values of one name are put together. */
const toCanonicalHeaders = (headers: readonly string[]): readonly Pair[] => {
  const values = new Map<string, string[]>()
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    const value = (headers[at + 1] ?? '').trim().replace(/ {2,}/g, ' ')
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return [...values].map(([name, list]): Pair => [name, list.join(',')]).sort(compare)
}

/** `20150830T123600Z` */
const toTimestamp = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, '')

const deriveKey = (secret: string, scope: readonly string[]): Buffer =>
  scope.reduce<string | Buffer>(hmac, `AWS4${secret}`) as Buffer

/**
 * Makes a signer, which keeps the keys that it derives.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const createAwsSigner = (): AwsSigner => {
  const keys = new Map<string, Buffer>()
  const getKey = (secret: string, scope: readonly string[]): Buffer => {
    const name = [secret, ...scope].join('\n')
    const known = keys.get(name)
    if (known) return known
    if (keys.size >= MAX_KEYS) keys.clear()
    const key = deriveKey(secret, scope)
    keys.set(name, key)
    return key
  }
  return {
    sign: ({ method, host, path, headers, body, credentials, region, service, now }) => {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials
      const timestamp = toTimestamp(now)
      const added = ['x-amz-date', timestamp]
      if (sessionToken !== undefined) added.push('x-amz-security-token', sessionToken)
      const signed = toCanonicalHeaders(['host', host, ...headers, ...added])
      const names = signed.map(([name]) => name).join(';')
      const [bare = '', query = ''] = path.split('?', 2)
      const canonical = [
        ...[method, toCanonicalPath(bare), toCanonicalQuery(query)],
        ...signed.map(([name, value]) => `${name}:${value}`),
        ...['', names, hash(body)],
      ].join('\n')
      const scope = [timestamp.slice(0, 8), region, service, 'aws4_request']
      const text = [ALGORITHM, timestamp, scope.join('/'), hash(canonical)].join('\n')
      const signature = hmac(getKey(secretAccessKey, scope), text).toString('hex')
      const credential = `${accessKeyId}/${scope.join('/')}`
      const value = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
      return ['authorization', value, ...added]
    },
  }
}
