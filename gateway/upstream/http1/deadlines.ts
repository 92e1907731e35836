/** Something with one timeout at a time. All fields but `expire` belong to `Deadlines`. */
export interface Deadline {
  slot: number
  timeoutMs: number
  dueAt: number
  /** Set it to start the timeout over: cheaper than `arm`. */
  touched: boolean
  expire(): void
}

const minIntervalMs = 25
const maxIntervalMs = 250
/** Scans per timeout: keeps the error within a tenth. */
const scansPerTimeout = 20

const intervalFor = (timeoutMs: number) =>
  Math.min(maxIntervalMs, Math.max(minIntervalMs, timeoutMs / scansPerTimeout))

/**
 * Timeouts for many connections on one timer. Arming one writes three fields and reads no clock: a
 * scan, every 25 to 250 ms, starts what it sees for the first time and expires what is due.
 */
export class Deadlines {
  readonly #entries: Deadline[] = []
  #timer: NodeJS.Timeout | undefined
  #intervalMs = Number.POSITIVE_INFINITY
  #expectedAt = 0

  add(entry: Deadline): void {
    entry.slot = this.#entries.length
    this.#entries.push(entry)
  }

  remove(entry: Deadline): void {
    const last = this.#entries.at(-1)
    if (entry.slot < 0 || last === undefined) return
    this.#entries[entry.slot] = last
    last.slot = entry.slot
    this.#entries.pop()
    entry.slot = -1
    if (this.#entries.length === 0) this.#stop()
  }

  /** Starts an added entry's timeout, in place of the one it had; 0 only ends that. */
  arm(entry: Deadline, timeoutMs: number): void {
    entry.timeoutMs = timeoutMs
    entry.dueAt = 0
    entry.touched = false
    if (timeoutMs > 0 && this.#intervalMs > minIntervalMs) this.#hurry(intervalFor(timeoutMs))
  }

  #hurry(intervalMs: number): void {
    if (intervalMs < this.#intervalMs) this.#schedule(intervalMs)
  }

  #schedule(intervalMs: number): void {
    clearTimeout(this.#timer)
    this.#intervalMs = intervalMs
    this.#expectedAt = performance.now() + intervalMs
    this.#timer = setTimeout(() => this.#tick(), intervalMs).unref()
  }

  #stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#intervalMs = Number.POSITIVE_INFINITY
  }

  /** After a stall the answers may be waiting in the kernel: they are read before anything expires. */
  #tick(): void {
    const lateMs = performance.now() - this.#expectedAt
    if (lateMs < this.#intervalMs) this.#scan()
    else setImmediate(() => this.#scan())
  }

  #scan(): void {
    const now = performance.now()
    const due: Deadline[] = []
    let fastest = Number.POSITIVE_INFINITY
    for (const entry of this.#entries) {
      if (entry.timeoutMs === 0) continue
      if (entry.timeoutMs < fastest) fastest = entry.timeoutMs
      if (this.#isDue(entry, now)) due.push(entry)
    }
    if (fastest === Number.POSITIVE_INFINITY) this.#stop()
    else this.#schedule(intervalFor(fastest))
    for (const entry of due) {
      // One that expired before it may have removed or armed this one.
      if (entry.slot >= 0 && entry.dueAt > 0) entry.expire()
    }
  }

  #isDue(entry: Deadline, now: number): boolean {
    if (entry.dueAt > 0 && !entry.touched) return now >= entry.dueAt
    // It started some time in the interval before this scan: half of it is the best guess.
    entry.dueAt = now + entry.timeoutMs - this.#intervalMs / 2
    entry.touched = false
    return false
  }
}
