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
 * Applies every object of a folder's YAML files, and again whenever a file is saved; what vanishes
 * from a file while this runs is deleted. A file with a mistake changes nothing and is told.
 */
export const watchFolder = async (options: WatchFolderOptions): Promise<{ stop(): void }> => {
  const { folder, client, tell } = options
  const findType = createTypeFinder(client)
  const applied = new Map<string, Map<string, KubeObject>>()
  const timers = new Map<string, NodeJS.Timeout>()

  const place = async (object: KubeObject) => {
    const type = await findType(object)
    const namespace = type.namespaced ? (object.metadata.namespace ?? 'default') : undefined
    const metadata = { ...object.metadata, ...(namespace && { namespace }) }
    return { type, object: { ...object, metadata } }
  }

  const load = async (name: string): Promise<void> => {
    const before = applied.get(name) ?? new Map<string, KubeObject>()
    const exists = (await readdir(folder)).includes(name)
    const placed = await Promise.all(
      (exists ? await readObjects(join(folder, name)) : []).map(place),
    )
    const after = new Map(placed.map(({ object }) => [toName(object), object]))
    for (const { type, object } of placed) {
      await client.apply(type, object, { fieldManager: FIELD_MANAGER })
      tell(`${name}: applied ${toName(object)}`)
    }
    for (const [key, object] of before) {
      if (after.has(key)) continue
      const { namespace = '', name: objectName } = object.metadata
      await client.delete(await findType(object), { namespace, name: objectName })
      tell(`${name}: deleted ${key}`)
    }
    applied.set(name, after)
  }

  const tryLoad = async (name: string): Promise<void> => {
    try {
      await load(name)
    } catch (error) {
      tell(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  const isYaml = (name: string) => /\.ya?ml$/.test(name)
  const watcher = watch(folder, (_event, name) => {
    if (name === null || !isYaml(name)) return
    clearTimeout(timers.get(name))
    timers.set(
      name,
      setTimeout(() => void tryLoad(name), SETTLE_MS),
    )
  })
  for (const name of (await readdir(folder)).filter(isYaml).sort()) await tryLoad(name)
  return {
    stop() {
      watcher.close()
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
