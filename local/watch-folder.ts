import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubeClient } from '#lib/kube/client.ts'
import type { KubeObject, ResourceType } from '#lib/kube/types.ts'

export interface WatchFolderOptions {
  readonly folder: string
  readonly client: KubeClient
  /** Says what was done, or what is wrong with a file. */
  tell(line: string): void
}

const FIELD_MANAGER = 'penstock-watch'
/** Editors write a file in several steps. */
const SETTLE_MS = 30

interface ApiResource {
  name: string
  kind: string
  namespaced: boolean
}

/** Finds how the API server calls a kind. */
const createTypeFinder = (client: KubeClient) => {
  const known = new Map<string, Promise<{ resources: ApiResource[] }>>()
  return async ({ apiVersion, kind }: KubeObject): Promise<ResourceType & ApiResource> => {
    const root = apiVersion.includes('/') ? 'apis' : 'api'
    const listed = known.get(apiVersion) ?? client.call('GET', `/${root}/${apiVersion}`)
    known.set(apiVersion, listed)
    const { resources } = await listed.catch((error: unknown) => {
      known.delete(apiVersion)
      throw error
    })
    const found = resources.find((entry) => entry.kind === kind && !entry.name.includes('/'))
    if (!found) throw new Error(`${apiVersion} has no kind ${kind}`)
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    return { ...found, group, version, plural: found.name }
  }
}

const readObjects = async (file: string): Promise<KubeObject[]> =>
  parseAllDocuments(await readFile(file, 'utf8')).flatMap((document) => {
    const [error] = document.errors
    if (error) throw error
    const object = document.toJS() as KubeObject | null
    return object ? [object] : []
  })

const toName = ({ kind, metadata }: KubeObject) =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`

/**
 * Applies every object of a folder's YAML files, and again whenever a file is saved; what no file
 * holds any longer while this runs is deleted. A file that cannot be read, or is empty as one is
 * while it is written, changes nothing; one with a mistake changes nothing from there on.
 */
export const watchFolder = async (options: WatchFolderOptions): Promise<{ stop(): void }> => {
  const { folder, client, tell } = options
  const findType = createTypeFinder(client)
  /** What each file holds, by name of the object. */
  const applied = new Map<string, Map<string, KubeObject>>()

  const place = async (object: KubeObject) => {
    const type = await findType(object)
    const namespace = type.namespaced ? (object.metadata.namespace ?? 'default') : undefined
    const metadata = { ...object.metadata, ...(namespace && { namespace }) }
    return { type, object: { ...object, metadata } }
  }

  /** @returns what the file held before and holds no longer. */
  const load = async (name: string): Promise<Map<string, KubeObject>> => {
    const before = applied.get(name) ?? new Map<string, KubeObject>()
    if (!(await readdir(folder)).includes(name)) {
      applied.delete(name)
      return before
    }
    const placed = await Promise.all((await readObjects(join(folder, name))).map(place))
    if (placed.length === 0) throw new Error('is empty, nothing changed; remove it to delete')
    const held = new Map(before)
    applied.set(name, held)
    for (const { type, object } of placed) {
      await client.apply(type, object, { fieldManager: FIELD_MANAGER })
      held.set(toName(object), object)
      tell(`${name}: applied ${toName(object)}`)
    }
    applied.set(name, new Map(placed.map(({ object }) => [toName(object), object])))
    return before
  }

  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      tell(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }

  const remove = async (name: string, key: string, object: KubeObject): Promise<void> => {
    if ([...applied.values()].some((held) => held.has(key))) return
    const { namespace = '', name: objectName } = object.metadata
    await client.delete(await findType(object), { namespace, name: objectName })
    tell(`${name}: deleted ${key}`)
  }

  /** Deletes last: what has moved from one file to another stays. */
  const loadAll = async (names: readonly string[]): Promise<void> => {
    const dropped: [name: string, key: string, object: KubeObject][] = []
    for (const name of names) {
      const before = await attempt(name, () => load(name))
      for (const [key, object] of before ?? []) dropped.push([name, key, object])
    }
    for (const [name, key, object] of dropped) await attempt(name, () => remove(name, key, object))
  }

  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let loading = Promise.resolve()
  const settle = (): void => {
    const names = [...changed].sort()
    changed.clear()
    loading = loading.then(() => loadAll(names))
  }
  const isYaml = (name: string) => /\.ya?ml$/.test(name)
  const watcher = watch(folder, (_event, name) => {
    if (name === null || !isYaml(name)) return
    changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(settle, SETTLE_MS)
  })
  loading = loadAll((await readdir(folder)).filter(isYaml).sort())
  await loading
  return {
    stop() {
      watcher.close()
      clearTimeout(timer)
    },
  }
}
