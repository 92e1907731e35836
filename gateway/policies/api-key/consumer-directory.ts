import { hash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../link/secret-book.ts'

/** Who calls: known by an API key, never by what a request says of itself. */
export interface Consumer {
  readonly name: string
  readonly team?: string
  /** Namespace whose models the consumer may name. */
  readonly tenant?: string
}

/** The consumers, by the Secrets that hold the SHA-256 of their keys. */
export interface ConsumerDirectory {
  /** Takes a Secret; one without the consumer label holds none. */
  set(secret: Secret): void
  delete(secretName: string): void
  find(apiKey: string): Consumer | undefined
}

const CONSUMER_LABEL = 'penstock.dev/consumer'
const TEAM_LABEL = 'penstock.dev/team'
const TENANT_LABEL = 'penstock.dev/tenant'

/** Entries of a Secret that hold a hash: more than one while a key is being replaced. */
const HASH_ENTRY = /^sha256/
const HASH = /^[0-9a-f]{64}$/i

/** What a Secret holds of an API key: its SHA-256, in hex. */
export const hashApiKey = (apiKey: string): string => hash('sha256', apiKey)

interface KnownKey {
  readonly hash: Buffer
  readonly consumer: Consumer
}

const toConsumer = ({ metadata }: Secret): Consumer | undefined => {
  const labels = metadata.labels ?? {}
  const name = labels[CONSUMER_LABEL]
  const { [TEAM_LABEL]: team, [TENANT_LABEL]: tenant } = labels
  return name ? { name, ...(team && { team }), ...(tenant && { tenant }) } : undefined
}

const toHashes = ({ data = {} }: Secret): Buffer[] =>
  Object.entries(data).flatMap(([entry, value]) => {
    const text = Buffer.from(value, 'base64').toString().trim()
    return HASH_ENTRY.test(entry) && HASH.test(text) ? [Buffer.from(text, 'hex')] : []
  })

/** Of a hash, enough to find the few that may be equal. */
const toBucket = (hash: Buffer): number => hash.readUInt32BE(0)

export const createConsumerDirectory = (): ConsumerDirectory => {
  const bySecret = new Map<string, KnownKey[]>()
  const buckets = new Map<number, KnownKey[]>()

  const remove = (secretName: string): void => {
    for (const key of bySecret.get(secretName) ?? []) {
      const bucket = toBucket(key.hash)
      const left = (buckets.get(bucket) ?? []).filter((other) => other !== key)
      if (left.length > 0) buckets.set(bucket, left)
      else buckets.delete(bucket)
    }
    bySecret.delete(secretName)
  }

  return {
    set(secret) {
      const { name } = secret.metadata
      remove(name)
      const consumer = toConsumer(secret)
      if (!consumer) return
      const keys = toHashes(secret).map((hash) => ({ hash, consumer }))
      bySecret.set(name, keys)
      for (const key of keys) {
        const bucket = toBucket(key.hash)
        buckets.set(bucket, [...(buckets.get(bucket) ?? []), key])
      }
    },
    delete: remove,
    find(apiKey) {
      const found = Buffer.from(hashApiKey(apiKey), 'hex')
      const known = buckets.get(toBucket(found))
      return known?.find((key) => timingSafeEqual(key.hash, found))?.consumer
    },
  }
}
