import type { Problem } from '#config/compiled/events.ts'
import type { KubeObject } from '#lib/kube/types.ts'

/** The part of a Secret that is used here. */
export interface Secret extends KubeObject {
  data?: Record<string, string>
}

/** Where a value is. */
export interface SecretEntry {
  readonly namespace: string
  readonly name: string
  readonly key: string
}

/** The Secrets that objects may name. Values are read anew each time: rotation needs no edit. */
export interface SecretBook {
  set(secret: Secret): void
  delete(secret: KubeObject): void
  /** Names of a namespace's Secrets that are known. */
  names(namespace: string): string[]
  /** Says that the Secrets of a namespace may not be read, or may again. @returns if that is new */
  setForbidden(namespace: string, isForbidden: boolean): boolean
  read(entry: SecretEntry): string | undefined
  /** Why `read` finds nothing; undefined when it finds something. */
  findProblem(entry: SecretEntry): Problem | undefined
}

/** Names a Secret; also what an object is found by when the Secret changes. */
export const toSecretKey = (namespace: string, name: string): string =>
  `Secret/${namespace}/${name}`

/** Names all Secrets of a namespace, for when they may no longer be read, or may again. */
export const toSecretsKey = (namespace: string): string => `Secrets/${namespace}`

/** Only what the Secret itself holds: `constructor` is no entry of it. */
const readEntry = (data: Record<string, string> | undefined, key: string): string | undefined =>
  data && Object.hasOwn(data, key) ? data[key] : undefined

/** @param want called for each namespace whose Secrets are asked for */
export const createSecretBook = (want: (namespace: string) => void): SecretBook => {
  const namespaces = new Map<string, Map<string, Record<string, string>>>()
  const forbidden = new Set<string>()

  const find = ({ namespace, name }: SecretEntry) => namespaces.get(namespace)?.get(name)

  return {
    set({ metadata: { namespace = '', name }, data = {} }) {
      const secrets = namespaces.get(namespace) ?? new Map()
      namespaces.set(namespace, secrets.set(name, data))
    },
    delete: ({ metadata: { namespace = '', name } }) =>
      void namespaces.get(namespace)?.delete(name),
    names: (namespace) => [...(namespaces.get(namespace)?.keys() ?? [])],
    setForbidden(namespace, isForbidden) {
      if (forbidden.has(namespace) === isForbidden) return false
      if (isForbidden) forbidden.add(namespace)
      else forbidden.delete(namespace)
      return true
    },
    read(entry) {
      if (forbidden.has(entry.namespace)) return undefined
      const value = readEntry(find(entry), entry.key)
      // Editors and shells leave a final newline behind, which no header could carry.
      return value === undefined ? undefined : Buffer.from(value, 'base64').toString().trim()
    },
    findProblem(entry) {
      const { namespace, name, key } = entry
      want(namespace)
      if (forbidden.has(namespace)) {
        const message = `the gateway may not read Secrets of namespace ${namespace}`
        return { reason: 'RefNotPermitted', message }
      }
      const data = find(entry)
      if (!data) return { reason: 'SecretNotFound', message: `Secret ${name} not found` }
      if (readEntry(data, key) === undefined) {
        return { reason: 'SecretNotFound', message: `Secret ${name} has no entry ${key}` }
      }
      return undefined
    },
  }
}
