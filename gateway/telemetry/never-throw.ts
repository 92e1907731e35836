import type { CallObserver } from '../ai/call-record.ts'

/** The caller has its answer: nothing that is told of a call afterwards may fail it. */
export const neverThrow =
  (observe: CallObserver): CallObserver =>
  (record) => {
    try {
      observe(record)
    } catch {
      // What cannot be told is not told.
    }
  }
