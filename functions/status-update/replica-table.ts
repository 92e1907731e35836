import type { Programmed, Served } from '#config/compiled/events.ts'
import { type ObjectKey, toKeyString } from '#config/compiled/fragment.ts'

/** A gateway replica that takes traffic, and where its admin listener is. */
export interface Replica {
  readonly name: string
  readonly url: string
}

interface Report {
  readonly boot: string
  readonly objects: Map<string, { served: Served; sequence: number }>
}

/** What each gateway replica said that it serves. */
export interface ReplicaTable {
  /** The replicas that are ready now. @returns whether that changed. */
  setReady(replicas: readonly Replica[]): boolean
  readonly ready: readonly Replica[]
  /** Ready replicas whose whole configuration is not known, or no longer. */
  unknown(): Replica[]
  /** Takes a report, whole or in part, in whatever order they come. */
  report(report: Programmed, isWhole: boolean): void
  /** What each ready replica serves of an object. */
  served(key: ObjectKey): (Served | undefined)[]
}

const isOlder = (served: Served, than: Served | undefined): boolean =>
  than !== undefined && than.uid === served.uid && than.generation > served.generation

export const createReplicaTable = (): ReplicaTable => {
  let ready: readonly Replica[] = []
  const reports = new Map<string, Report>()
  const whole = new Set<string>()

  const reportOf = ({ replica, boot }: Programmed): Report => {
    const found = reports.get(replica)
    if (found?.boot === boot) return found
    const fresh: Report = { boot, objects: new Map() }
    reports.set(replica, fresh)
    whole.delete(replica)
    return fresh
  }

  /** Drops what a whole report no longer names. */
  const forget = (report: Report, keep: ReadonlySet<string>, sequence: number): void => {
    for (const [key, entry] of report.objects) {
      if (!keep.has(key) && entry.sequence <= sequence) report.objects.delete(key)
    }
  }

  return {
    get ready() {
      return ready
    },
    setReady(replicas) {
      const before = ready.map(({ name, url }) => `${name} ${url}`).join()
      ready = [...replicas].sort((a, b) => (a.name < b.name ? -1 : 1))
      const names = new Set(ready.map(({ name }) => name))
      for (const name of reports.keys()) {
        if (!names.has(name)) {
          reports.delete(name)
          whole.delete(name)
        }
      }
      return before !== ready.map(({ name, url }) => `${name} ${url}`).join()
    },
    unknown: () => ready.filter(({ name }) => !whole.has(name)),
    report(incoming, isWhole) {
      const { sequence, objects = [] } = incoming
      const report = reportOf(incoming)
      if (isWhole) {
        forget(report, new Set(objects.map(toKeyString)), sequence)
        whole.add(incoming.replica)
      }
      for (const served of objects) {
        const key = toKeyString(served)
        const before = report.objects.get(key)
        if ((before?.sequence ?? -1) > sequence || isOlder(served, before?.served)) continue
        report.objects.set(key, { served, sequence })
      }
    },
    served(key) {
      const keyString = toKeyString(key)
      return ready.map(({ name }) => reports.get(name)?.objects.get(keyString)?.served)
    },
  }
}
