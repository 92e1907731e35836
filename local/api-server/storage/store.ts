import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { KubeObject } from '../json.ts'
import { Collection } from './collection.ts'
import { openDatabase } from './database.ts'
import { EventLog, splitKey, type WatchEvent, type WatchEventType } from './event-log.ts'
import { StoredObject } from './stored-object.ts'

/** Where an object is. */
export interface Place {
  /** `plural.group` */
  readonly resource: string
  /** `namespace/name`, or the name of what is cluster-scoped */
  readonly key: string
}

/**
 * All objects, in memory and in SQLite. Each write takes the next resourceVersion, is committed, then
 * told to the listeners, all before the call returns.
 */
export class Store {
  readonly #database: DatabaseSync
  readonly #put: StatementSync
  readonly #remove: StatementSync
  readonly #collections = new Map<string, Collection>()
  readonly #listeners = new Set<(event: WatchEvent) => void>()
  readonly log: EventLog

  constructor(file: string, eventWindow: number) {
    this.#database = openDatabase(file)
    this.#put = this.#database.prepare(
      'INSERT INTO objects (resource, key, rv, json) VALUES (?, ?, ?, ?) ON CONFLICT (resource, key) DO UPDATE SET rv = excluded.rv, json = excluded.json',
    )
    this.#remove = this.#database.prepare('DELETE FROM objects WHERE resource = ? AND key = ?')
    this.log = new EventLog(this.#database, eventWindow)
    this.#load()
  }

  /** The version of the last write. */
  get resourceVersion(): number {
    return this.log.last
  }

  get(place: Place): StoredObject | undefined {
    return this.#collections.get(place.resource)?.get(place.key)
  }

  /** The objects of a resource, in the order of their keys. */
  collection(resource: string): Collection {
    let collection = this.#collections.get(resource)
    if (!collection) {
      collection = new Collection()
      this.#collections.set(resource, collection)
    }
    return collection
  }

  /** Names of the resources that have objects. */
  resources(): string[] {
    return [...this.#collections].filter(([, objects]) => objects.size > 0).map(([name]) => name)
  }

  /** Stores the object under the next resourceVersion, which is set in it. */
  put(place: Place, object: KubeObject): StoredObject {
    return this.#write(place, object, this.get(place) ? 'MODIFIED' : 'ADDED')
  }

  /** Removes the object; `last` is its last state, which the event carries. */
  remove(place: Place, last: KubeObject): StoredObject {
    return this.#write(place, last, 'DELETED')
  }

  /** Calls the listener on each write. The returned function ends that. */
  listen(listener: (event: WatchEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A setting of the server; made once and kept. */
  setting(name: string, make: () => string): string {
    const row = this.#database.prepare('SELECT value FROM settings WHERE name = ?').get(name)
    if (row) return String(row.value)
    const value = make()
    this.#database.prepare('INSERT INTO settings (name, value) VALUES (?, ?)').run(name, value)
    return value
  }

  close(): void {
    this.#database.close()
  }

  #write(place: Place, object: KubeObject, type: WatchEventType): StoredObject {
    const previous = this.get(place)
    const resourceVersion = this.log.last + 1
    object.metadata.resourceVersion = String(resourceVersion)
    const json = JSON.stringify(object)
    const stored = new StoredObject(json, resourceVersion, object)
    const event: WatchEvent = { ...place, ...splitKey(place.key), type, stored, previous }
    this.#database.exec('BEGIN')
    try {
      if (type === 'DELETED') this.#remove.run(place.resource, place.key)
      else this.#put.run(place.resource, place.key, resourceVersion, json)
      this.log.append(event)
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
    this.log.remember(event)
    if (type === 'DELETED') this.collection(place.resource).delete(place.key)
    else this.collection(place.resource).set(place.key, stored)
    for (const listener of this.#listeners) listener(event)
    return stored
  }

  #load(): void {
    const rows = this.#database
      .prepare('SELECT resource, key, rv, json FROM objects ORDER BY resource, key')
      .iterate()
    for (const row of rows) {
      const stored = new StoredObject(String(row.json), Number(row.rv))
      this.collection(String(row.resource)).set(String(row.key), stored)
    }
  }
}
