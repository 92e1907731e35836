import type { Problem } from '#config/compiled/events.ts'
import type { Fragment } from '#config/compiled/fragment.ts'

/** An object prepared for serving; never changed, only replaced. */
export interface Linked<F extends Fragment = Fragment> {
  readonly fragment: F
  /** What it names and is not there. */
  readonly problems: readonly Problem[]
  /** Keys of what it names: when one of them changes, the object is linked again. */
  readonly refs: readonly string[]
}

/** What is served of one kind, by key. */
export interface KindTable<F extends Fragment, L extends Linked<F>> {
  get(key: string): L | undefined
  keys(): Iterable<string>
  values(): Iterable<L>
  readonly size: number
  /** Serves it in place of what was there. @throws Error, and then what was there stays. */
  set(key: string, fragment: F): void
  delete(key: string): void
  /** Links anew what names this. @returns the keys whose problems are others now. */
  relink(ref: string): string[]
}

export interface KindTableOptions<F extends Fragment, L extends Linked<F>> {
  /** @throws Error when a value cannot be used */
  link(fragment: F, before: L | undefined): L
  /** Puts it where requests find it. @throws Error when it cannot be put there */
  onSet?(key: string, linked: L): void
  onDelete?(key: string): void
}

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const createKindTable = <F extends Fragment, L extends Linked<F>>(
  options: KindTableOptions<F, L>,
): KindTable<F, L> => {
  const objects = new Map<string, L>()
  /** By what they name. */
  const dependents = new Map<string, Set<string>>()

  const forget = (key: string): void => {
    for (const ref of objects.get(key)?.refs ?? []) {
      const keys = dependents.get(ref)
      keys?.delete(key)
      if (keys?.size === 0) dependents.delete(ref)
    }
    objects.delete(key)
  }

  const set = (key: string, fragment: F): void => {
    const linked = options.link(fragment, objects.get(key))
    options.onSet?.(key, linked)
    forget(key)
    objects.set(key, linked)
    for (const ref of linked.refs) dependents.set(ref, (dependents.get(ref) ?? new Set()).add(key))
  }

  const isToldAnew = (key: string): boolean => {
    const before = objects.get(key)
    if (!before) return false
    set(key, before.fragment)
    return !isSameJson(before.problems, objects.get(key)?.problems)
  }

  return {
    get: (key) => objects.get(key),
    keys: () => objects.keys(),
    values: () => objects.values(),
    get size() {
      return objects.size
    },
    set,
    delete(key) {
      forget(key)
      options.onDelete?.(key)
    },
    relink: (ref) => [...(dependents.get(ref) ?? [])].filter(isToldAnew),
  }
}
