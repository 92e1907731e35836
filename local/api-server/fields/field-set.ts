import { isObject, type JsonObject } from '../json.ts'
import type { PathElement } from './path-element.ts'

/** A set of paths, as a tree. `self` says that the path itself is a member. */
export class FieldSet {
  self: boolean
  readonly children: Map<PathElement, FieldSet>

  constructor(self = false, children = new Map<PathElement, FieldSet>()) {
    this.self = self
    this.children = children
  }

  /** Reads `fieldsV1`. */
  static fromFieldsV1(fields: JsonObject): FieldSet {
    const set = new FieldSet(Object.hasOwn(fields, '.'))
    for (const [element, below] of Object.entries(fields)) {
      if (element === '.' || !isObject(below)) continue
      const child = FieldSet.fromFieldsV1(below)
      // A leaf is written {}: it stands for itself.
      if (child.children.size === 0) child.self = true
      set.children.set(element, child)
    }
    return set
  }

  /** Writes `fieldsV1`. */
  toFieldsV1(): JsonObject {
    const fields: JsonObject = {}
    if (this.self && this.children.size > 0) fields['.'] = {}
    for (const element of [...this.children.keys()].sort())
      fields[element] = this.children.get(element)?.toFieldsV1() ?? {}
    return fields
  }

  get isEmpty(): boolean {
    return !this.self && this.children.size === 0
  }

  /** The set of a path's element, made when it is not there. */
  child(element: PathElement): FieldSet {
    let child = this.children.get(element)
    if (!child) {
      child = new FieldSet()
      this.children.set(element, child)
    }
    return child
  }

  has(path: readonly PathElement[]): boolean {
    let set: FieldSet | undefined = this
    for (const element of path) set = set?.children.get(element)
    return set?.self ?? false
  }

  union(other: FieldSet): FieldSet {
    const result = new FieldSet(this.self || other.self, new Map(this.children))
    for (const [element, child] of other.children) {
      const mine = this.children.get(element)
      result.children.set(element, mine ? mine.union(child) : child)
    }
    return result
  }

  /** Members of this set that are not in the other. */
  difference(other: FieldSet): FieldSet {
    const result = new FieldSet(this.self && !other.self)
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element)
      const rest = theirs ? child.difference(theirs) : child
      if (!rest.isEmpty) result.children.set(element, rest)
    }
    return result
  }

  /** Members that are in both sets. */
  intersection(other: FieldSet): FieldSet {
    const result = new FieldSet(this.self && other.self)
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element)
      const both = theirs && child.intersection(theirs)
      if (both && !both.isEmpty) result.children.set(element, both)
    }
    return result
  }

  /** Without the members of the other set and what lies below them. */
  without(other: FieldSet): FieldSet {
    const result = new FieldSet(this.self && !other.self)
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element)
      if (theirs?.self) continue
      const rest = theirs ? child.without(theirs) : child
      if (!rest.isEmpty) result.children.set(element, rest)
    }
    return result
  }

  /** The part at and below the named paths. */
  within(other: FieldSet): FieldSet {
    if (other.self) return this
    const result = new FieldSet()
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element)
      const part = theirs && child.within(theirs)
      if (part && !part.isEmpty) result.children.set(element, part)
    }
    return result
  }

  /** All member paths. */
  *paths(prefix: readonly PathElement[] = []): Generator<readonly PathElement[]> {
    if (this.self) yield prefix
    for (const [element, child] of this.children) yield* child.paths([...prefix, element])
  }

  equals(other: FieldSet): boolean {
    if (this.self !== other.self || this.children.size !== other.children.size) return false
    for (const [element, child] of this.children) {
      const theirs = other.children.get(element)
      if (!theirs || !child.equals(theirs)) return false
    }
    return true
  }
}
