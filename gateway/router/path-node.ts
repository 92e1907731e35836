import type { CompiledMatch } from '#config/compiled/api-route.ts'
import type { Candidate } from './candidate.ts'

type Lists<T> = Record<CompiledMatch['path']['type'], Candidate<T>[] | undefined>

/** A path up to some slash or its end, and what is routed there, by precedence. */
export interface PathNode<T> extends Lists<T> {
  readonly parent: PathNode<T> | undefined
  readonly segment: string
  /** One child needs no map: less memory, and less of it to touch in a search. */
  children: PathNode<T> | Map<string, PathNode<T>> | undefined
}

/** A node that `parent` does not know yet. */
export const createNode = <T>(parent: PathNode<T> | undefined, segment: string): PathNode<T> => ({
  parent,
  segment,
  children: undefined,
  Exact: undefined,
  PathPrefix: undefined,
  RegularExpression: undefined,
})

/** Whether nothing is routed at the node, nor below. */
export const isUnused = <T>(node: PathNode<T>): boolean =>
  !(node.children || node.Exact || node.PathPrefix || node.RegularExpression)

/** The child of this name. */
export const childOf = <T>({ children }: PathNode<T>, segment: string): PathNode<T> | undefined => {
  if (children instanceof Map) return children.get(segment)
  return children?.segment === segment ? children : undefined
}

/** The child of this name, made when it is not there. */
export const ensureChild = <T>(node: PathNode<T>, segment: string): PathNode<T> => {
  const existing = childOf(node, segment)
  if (existing !== undefined) return existing
  const child = createNode(node, segment)
  const { children } = node
  if (children instanceof Map) children.set(segment, child)
  else if (children === undefined) node.children = child
  else node.children = new Map([children, child].map((each) => [each.segment, each]))
  return child
}

/** Takes an unused node out of the tree, and what becomes unused by that. */
export const prune = <T>(leaf: PathNode<T>): void => {
  for (let node = leaf; node.parent !== undefined && isUnused(node); node = node.parent) {
    const { children } = node.parent
    if (!(children instanceof Map)) {
      node.parent.children = undefined
    } else {
      children.delete(node.segment)
      if (children.size === 1) [node.parent.children] = children.values()
    }
  }
}
