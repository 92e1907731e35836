import { accepts, type Candidate, compareCandidates } from './candidate.ts'
import { literalFolders } from './literal-folders.ts'
import { childOf, createNode, ensureChild, isUnused, type PathNode, prune } from './path-node.ts'
import type { RequestProbe } from './request-probe.ts'
import { insertSorted, removeSorted } from './sorted-list.ts'

const segmentsOf = <T>({ result: { match } }: Candidate<T>): string[] => {
  const { type, value } = match.path
  return (type === 'RegularExpression' ? literalFolders(value) : value).split('/').slice(1)
}

const firstAccepting = <T>(
  list: readonly Candidate<T>[] | undefined,
  probe: RequestProbe,
): Candidate<T> | undefined => {
  if (list === undefined) return undefined
  for (const candidate of list) if (accepts(candidate, probe)) return candidate
  return undefined
}

/** The longest prefix wins, and it is the deepest. */
const findPrefix = <T>(from: PathNode<T>, probe: RequestProbe): Candidate<T> | undefined => {
  for (let node: PathNode<T> | undefined = from; node !== undefined; node = node.parent) {
    const found = firstAccepting(node.PathPrefix, probe)
    if (found !== undefined) return found
  }
  return undefined
}

/** The longest pattern wins, and any folder on the way may hold it. */
const findRegex = <T>(from: PathNode<T>, probe: RequestProbe): Candidate<T> | undefined => {
  let best: Candidate<T> | undefined
  for (let node: PathNode<T> | undefined = from; node !== undefined; node = node.parent) {
    const first = node.RegularExpression?.[0]
    if (first === undefined || (best && compareCandidates(best, first) < 0)) continue
    const found = firstAccepting(node.RegularExpression, probe)
    if (found && !(best && compareCandidates(best, found) < 0)) best = found
  }
  return best
}

/**
 * Candidates by path, segment by segment; empty nodes do not stay. A search costs as many map
 * lookups as the path has known segments, and what the candidates of these nodes cost.
 */
export class PathTree<T> {
  readonly #root = createNode<T>(undefined, '')
  #regexCount = 0

  insert(candidate: Candidate<T>): void {
    const type = candidate.result.match.path.type
    let node = this.#root
    for (const segment of segmentsOf(candidate)) node = ensureChild(node, segment)
    node[type] ??= []
    insertSorted(node[type], candidate, compareCandidates)
    if (type === 'RegularExpression') this.#regexCount += 1
  }

  remove(candidate: Candidate<T>): void {
    const type = candidate.result.match.path.type
    let node: PathNode<T> | undefined = this.#root
    for (const segment of segmentsOf(candidate)) node = node && childOf(node, segment)
    const list = node?.[type]
    if (node === undefined || list === undefined) return
    removeSorted(list, candidate, compareCandidates)
    if (type === 'RegularExpression') this.#regexCount -= 1
    if (list.length === 0) node[type] = undefined
    prune(node)
  }

  /** The candidate with the highest precedence of those that accept. */
  find(probe: RequestProbe): Candidate<T> | undefined {
    const { path } = probe.request
    let node = this.#root
    let start = 1
    while (start > 0) {
      const end = path.indexOf('/', start)
      const child = childOf(node, end < 0 ? path.slice(start) : path.slice(start, end))
      if (child === undefined) break
      node = child
      start = end + 1
    }
    // Only a path that was walked to its end ends at this node.
    const exact = start === 0 ? firstAccepting(node.Exact, probe) : undefined
    if (exact !== undefined) return exact
    const regex = this.#regexCount > 0 ? findRegex(node, probe) : undefined
    return regex ?? findPrefix(node, probe)
  }

  isEmpty(): boolean {
    return isUnused(this.#root)
  }
}
