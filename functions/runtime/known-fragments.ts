import {
  FRAGMENT_LABEL,
  type FragmentConfigMap,
  type ObjectVersion,
  readFragmentVersion,
} from '#config/compiled/fragment.ts'
import { isForeignEdit } from './foreign-edit.ts'

/** What is stored for an object: which version, compiled to what, under which resourceVersion. */
export interface Stored extends ObjectVersion {
  readonly hash: string
  readonly resourceVersion: string
  /** Somebody else changed it: to be written anew, whatever it says. */
  readonly foreign: boolean
}

/** What is stored as far as this process knows, by ConfigMap; a wrong entry costs one conflict. */
export interface KnownFragments {
  get(name: string): Stored | undefined
  set(name: string, stored: Stored): Stored
  delete(name: string): void
  /** @returns undefined when the ConfigMap does not say for which object it is. */
  remember(configMap: FragmentConfigMap): Stored | undefined
  /** The same of what this process has just written, whoever else owns a part that did not change. */
  rememberOwn(configMap: FragmentConfigMap): void
  /** Forgets what is of that kind and not of these names. */
  forgetOthers(kind: string, names: ReadonlySet<string>): void
}

const toStored = (configMap: FragmentConfigMap): Stored | undefined => {
  const version = readFragmentVersion(configMap)
  const { resourceVersion, labels } = configMap.metadata
  // Without its label no gateway sees it.
  if (!(version && resourceVersion && labels?.[FRAGMENT_LABEL])) return undefined
  return { ...version, resourceVersion, foreign: isForeignEdit(configMap) }
}

export const createKnownFragments = (): KnownFragments => {
  const known = new Map<string, Stored>()
  const set = (name: string, stored: Stored): Stored => {
    known.set(name, stored)
    return stored
  }
  return {
    get: (name) => known.get(name),
    set,
    delete: (name) => void known.delete(name),
    remember(configMap) {
      const stored = toStored(configMap)
      if (!stored) return undefined
      const { name } = configMap.metadata
      const before = known.get(name)
      const isAsKnown = before?.resourceVersion === stored.resourceVersion
      return set(name, isAsKnown ? { ...stored, foreign: before.foreign } : stored)
    },
    rememberOwn(configMap) {
      const stored = toStored(configMap)
      if (stored) set(configMap.metadata.name, { ...stored, foreign: false })
    },
    forgetOthers(kind, names) {
      for (const [name, stored] of known) {
        if (stored.kind === kind && !names.has(name)) known.delete(name)
      }
    },
  }
}
