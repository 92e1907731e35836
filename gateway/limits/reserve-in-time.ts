import type { Verdict } from './limit-store.ts'

/** How long a call waits for the store of its limits. */
const STORE_TIMEOUT_MS = 250

/**
 * Waits for a verdict, but not long.
 *
 * @param onLateGrant is told when the verdict that no one waits for any more is a grant
 * @throws Error when there is none in time
 */
export const reserveInTime = (
  verdict: Promise<Verdict>,
  onLateGrant: () => void,
): Promise<Verdict> =>
  new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new Error(`the store of limits did not answer within ${STORE_TIMEOUT_MS} ms`))
    }, STORE_TIMEOUT_MS)
    verdict
      .finally(() => clearTimeout(timer))
      .then((inTime) => {
        if (isLate && inTime.isGranted) onLateGrant()
        resolve(inTime)
      }, reject)
  })
