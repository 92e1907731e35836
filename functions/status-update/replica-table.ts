import type { Programmed, Served } from '#config/compiled/events.ts'
import { type ObjectKey, type ObjectVersion, toKeyString } from '#config/compiled/fragment.ts'

/** A gateway replica that takes traffic, and where its admin listener is. */
export interface Replica {
  readonly name: string
  readonly url: string
}

interface Report {
  readonly boot: string
  /** Whether the replica has told all that it serves since it is ready. */
  isWhole: boolean
  readonly objects: Map<string, { served: Served; sequence: number }>
}

/** What each gateway replica said that it serves. */
export interface ReplicaTable {
  /** The replicas that are ready now. @returns whether that changed. */
  setReady(replicas: readonly Replica[]): boolean
  readonly ready: readonly Replica[]
  /** Ready replicas whose whole configuration is not known, or no longer. */
  unknown(): Replica[]
  /**
   * Takes a report, in whatever order they come. `isWhole`: the replica answered with all it serves.
   * @returns false, and ignores it, when it is part of what another start of the replica said than
   * the one that is known: only the replica can tell which of them is the newer one.
   */
  report(report: Programmed, isWhole: boolean): boolean
  /** What each ready replica serves of an object. */
  served(key: ObjectKey): (Served | undefined)[]
  /** Ready replicas that have not said that they serve the version, or a newer one. */
  lacking(version: ObjectVersion): Replica[]
}

const isOlder = (served: Served, than: Served | undefined): boolean =>
  than !== undefined && than.uid === served.uid && than.generation > served.generation

const toText = ({ name, url }: Replica): string => `${name} ${url}`

export const createReplicaTable = (): ReplicaTable => {
  let ready: readonly Replica[] = []
  const reports = new Map<string, Report>()

  const reportOf = ({ replica, boot }: Programmed, isWhole: boolean): Report | undefined => {
    const found = reports.get(replica)
    if (found?.boot === boot) return found
    if (found && !isWhole) return undefined
    const fresh: Report = { boot, isWhole: false, objects: new Map() }
    reports.set(replica, fresh)
    return fresh
  }

  /** Drops what a whole report no longer names. */
  const forget = (report: Report, keep: ReadonlySet<string>, sequence: number): void => {
    for (const [key, entry] of report.objects) {
      if (!keep.has(key) && entry.sequence <= sequence) report.objects.delete(key)
    }
  }

  const servedBy = (name: string, key: ObjectKey): Served | undefined =>
    reports.get(name)?.objects.get(toKeyString(key))?.served

  return {
    get ready() {
      return ready
    },
    setReady(replicas) {
      const before = new Set(ready.map(toText))
      ready = [...replicas].sort((a, b) => (a.name < b.name ? -1 : 1))
      const names = new Set(ready.map(({ name }) => name))
      for (const name of reports.keys()) if (!names.has(name)) reports.delete(name)
      // One that comes, or comes back, may have said things while nobody listened.
      const fresh = ready.filter((replica) => !before.delete(toText(replica)))
      for (const { name } of fresh) {
        const report = reports.get(name)
        if (report) report.isWhole = false
      }
      return fresh.length > 0 || before.size > 0
    },
    unknown: () => ready.filter(({ name }) => !reports.get(name)?.isWhole),
    report(incoming, isWhole) {
      const { sequence, objects = [] } = incoming
      const report = reportOf(incoming, isWhole)
      if (!report) return false
      if (isWhole) {
        forget(report, new Set(objects.map(toKeyString)), sequence)
        report.isWhole = true
      }
      for (const served of objects) {
        const key = toKeyString(served)
        const before = report.objects.get(key)
        if ((before?.sequence ?? -1) > sequence || isOlder(served, before?.served)) continue
        report.objects.set(key, { served, sequence })
      }
      return true
    },
    served: (key) => ready.map(({ name }) => servedBy(name, key)),
    lacking: (version) =>
      ready.filter(({ name }) => {
        const served = servedBy(name, version)
        return served?.uid !== version.uid || served.generation < version.generation
      }),
  }
}
