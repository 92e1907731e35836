import type { ResponseHead } from './response-head.ts'

/** An upstream may close a little before it said, and a request takes time to arrive. */
const marginMs = 1000

/** How long a connection may idle after this response: at most `maxMs`, and 0 when it must close. */
export const keepAliveAfter = (head: ResponseHead, maxMs: number): number => {
  if (!head.keepAlive) return 0
  if (head.keepAliveMs < 0) return maxMs
  return Math.min(maxMs, head.keepAliveMs - Math.min(marginMs, head.keepAliveMs / 2))
}
