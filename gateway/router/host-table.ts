import type { Candidate } from './candidate.ts'
import { PathTree } from './path-tree.ts'
import type { RequestProbe } from './request-probe.ts'

/** Key of the tree for every host; no name and no wildcard reads so. */
const EVERY_HOST = '*'

/** Path trees by hostname: `a.example.com`, `*.example.com`, or `undefined` for every host. */
export interface HostTable<T> {
  insert(hostname: string | undefined, candidate: Candidate<T>): void
  remove(hostname: string | undefined, candidate: Candidate<T>): void
  find(probe: RequestProbe): Candidate<T> | undefined
  /** Number of trees. */
  readonly size: number
}

/** A table without hosts. */
export const createHostTable = <T>(): HostTable<T> => {
  const names = new Map<string, PathTree<T>>()
  /** By what follows the `*.`, and under `*` what is for every host. */
  const suffixes = new Map<string, PathTree<T>>()

  const locate = (hostname: string | undefined): [Map<string, PathTree<T>>, string] => {
    if (hostname === undefined) return [suffixes, EVERY_HOST]
    return hostname.startsWith('*.') ? [suffixes, hostname.slice(2)] : [names, hostname]
  }

  const findBySuffix = (probe: RequestProbe): Candidate<T> | undefined => {
    const { host } = probe.request
    // From 1: a wildcard stands for at least one label.
    for (let dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
      const found = suffixes.get(host.slice(dot + 1))?.find(probe)
      if (found !== undefined) return found
    }
    return suffixes.get(EVERY_HOST)?.find(probe)
  }

  return {
    insert(hostname, candidate) {
      const [map, key] = locate(hostname)
      let tree = map.get(key)
      if (tree === undefined) {
        tree = new PathTree()
        map.set(key, tree)
      }
      tree.insert(candidate)
    },
    remove(hostname, candidate) {
      const [map, key] = locate(hostname)
      const tree = map.get(key)
      tree?.remove(candidate)
      if (tree?.isEmpty()) map.delete(key)
    },
    find: (probe) => names.get(probe.request.host)?.find(probe) ?? findBySuffix(probe),
    get size() {
      return names.size + suffixes.size
    },
  }
}
