import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { StoredObject } from './stored-object.ts'

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One write. */
export interface WatchEvent {
  readonly resource: string
  readonly key: string
  readonly namespace: string
  readonly name: string
  readonly type: WatchEventType
  /** The object after the write; for DELETED its last state, with the version of the deletion. */
  readonly stored: StoredObject
  /** The object before the write; not known for some events that were read back from disk. */
  readonly previous: StoredObject | undefined
}

const TRIM_EVERY = 500
/** Text of the events kept in memory: what is large counts for many. */
const MAX_BYTES = 64 << 20

/** Namespace (empty for what is cluster-scoped) and name of a key. */
export const splitKey = (key: string): { namespace: string; name: string } => {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) }
}

/** The last writes, in the order of their versions, in memory and in SQLite. */
export class EventLog {
  readonly #insert: StatementSync
  readonly #trim: StatementSync
  readonly #window: number
  #events: WatchEvent[] = []
  #bytes = 0
  #last = 0
  #compacted = 0

  /** @param window how many events are kept at least */
  constructor(database: DatabaseSync, window: number) {
    this.#window = Math.max(1, window)
    this.#insert = database.prepare(
      'INSERT INTO events (rv, resource, key, type, json) VALUES (?, ?, ?, ?, ?)',
    )
    this.#trim = database.prepare('DELETE FROM events WHERE rv <= ?')
    this.#load(database)
  }

  /** Version of the newest event. */
  get last(): number {
    return this.#last
  }

  /** Events up to this version are forgotten. */
  get compacted(): number {
    return this.#compacted
  }

  /** Writes the event to disk (inside the caller's transaction). */
  append(event: WatchEvent): void {
    const { resourceVersion, json } = event.stored
    this.#insert.run(resourceVersion, event.resource, event.key, event.type, json)
    if (resourceVersion % TRIM_EVERY === 0) this.#trim.run(resourceVersion - this.#window)
  }

  /** Keeps the event in memory, once it is committed. */
  remember(event: WatchEvent): void {
    this.#events.push(event)
    this.#bytes += event.stored.json.length
    this.#last = event.stored.resourceVersion
    const isLong = this.#events.length >= this.#window + Math.min(TRIM_EVERY, this.#window)
    if (isLong) this.#forget(this.#events.length - this.#window)
    else if (this.#bytes > MAX_BYTES) this.#forget(Math.ceil(this.#events.length / 2))
  }

  /** Forgets the oldest. */
  #forget(count: number): void {
    for (const { stored } of this.#events.slice(0, count)) this.#bytes -= stored.json.length
    this.#events = this.#events.slice(count)
    this.#compacted = (this.#events[0]?.stored.resourceVersion ?? this.#last + 1) - 1
  }

  /** Events after a version; undefined when some of them are forgotten. */
  since(resourceVersion: number): WatchEvent[] | undefined {
    if (resourceVersion < this.#compacted) return undefined
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const event = this.#events[middle]
      if (event && event.stored.resourceVersion <= resourceVersion) low = middle + 1
      else high = middle
    }
    return this.#events.slice(low)
  }

  #load(database: DatabaseSync): void {
    const rows = database
      .prepare('SELECT rv, resource, key, type, json FROM events ORDER BY rv DESC LIMIT ?')
      .all(this.#window)
    const previous = new Map<string, StoredObject>()
    for (const row of rows.reverse()) {
      const [resource, key] = [String(row.resource), String(row.key)]
      const type = String(row.type) as WatchEventType
      const stored = new StoredObject(String(row.json), Number(row.rv))
      const id = `${resource} ${key}`
      const known = previous.get(id)
      this.#events.push({ resource, key, ...splitKey(key), type, stored, previous: known })
      previous.set(id, stored)
      this.#bytes += stored.json.length
      this.#last = stored.resourceVersion
    }
    this.#compacted = (this.#events[0]?.stored.resourceVersion ?? 1) - 1
  }
}
