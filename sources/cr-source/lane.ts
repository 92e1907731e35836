/** An event of one object on its way out. It is encoded only when sent: most of a burst is not. */
export interface Parcel {
  /** Incarnation of the object; an older one is never replaced by a newer one. */
  readonly uid: string
  readonly verb: 'add' | 'update' | 'delete' | 'resync'
}

interface Entry<P> {
  parcel: P
  attempted: boolean
  readonly settled: (() => void)[]
}

/** What is left to send of one object, oldest first. Pure bookkeeping. */
export interface Lane<P extends Parcel> {
  readonly size: number
  /** Adds the newest state; it takes the place of an older one that is not being sent. */
  push(parcel: P, settled: () => void): void
  /** The oldest, which counts as being sent from now on. */
  take(): P
  /** What was taken needs no further attempt. */
  done(): void
  /** What was taken has to be sent again, unless there is a newer state by now. */
  failed(): void
  /** Forgets everything. */
  clear(): void
}

/** The newer state under the verb that a receiver who never heard of the older one needs. */
const supersede = <P extends Parcel>(older: P, newer: P): P =>
  older.verb === 'add' && newer.verb === 'update' ? { ...newer, verb: 'add' } : newer

/** The lane of one object. Events go one after the other; it holds at most three. */
export const createLane = <P extends Parcel>(): Lane<P> => {
  const queue: Entry<P>[] = []
  let sending = false

  const settle = (entry: Entry<P> | undefined) => {
    for (const settled of entry?.settled ?? []) settled()
  }

  /** The last entry, if its parcel may still be exchanged for a newer one. */
  const replaceable = (uid: string): Entry<P> | undefined => {
    const last = queue.at(-1)
    const taken = sending && queue.length === 1
    return taken || last?.parcel.uid !== uid ? undefined : last
  }

  return {
    get size() {
      return queue.length
    },
    push(parcel, settled) {
      const last = replaceable(parcel.uid)
      if (last === undefined) {
        queue.push({ parcel, attempted: false, settled: [settled] })
        return
      }
      last.settled.push(settled)
      if (last.parcel.verb === 'add' && parcel.verb === 'delete' && !last.attempted) {
        settle(queue.pop())
      } else {
        last.parcel = supersede(last.parcel, parcel)
      }
    },
    take() {
      const [head] = queue
      if (head === undefined) throw new RangeError('the lane is empty')
      sending = true
      head.attempted = true
      return head.parcel
    },
    done() {
      sending = false
      settle(queue.shift())
    },
    failed() {
      sending = false
      const [head, next] = queue
      if (head === undefined || next?.parcel.uid !== head.parcel.uid) return
      next.parcel = supersede(head.parcel, next.parcel)
      next.attempted = true
      next.settled.push(...head.settled)
      queue.shift()
    },
    clear() {
      for (const entry of queue.splice(0)) settle(entry)
    },
  }
}
