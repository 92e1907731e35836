import type { ChatEvent } from '../chat/answer.ts'
import type { AnswerCheck } from './check-answer.ts'
import type { Blocked, Finding } from './findings.ts'
import { createWholeGuard } from './whole-guard.ts'
import { createWindowGuard } from './window-guard.ts'

/** Stands guard over the stream of one answer. */
export interface StreamGuard {
  /**
   * To be awaited before the next one.
   *
   * @returns what the caller may be told now; after a block, nothing more
   */
  push(event: ChatEvent): readonly ChatEvent[] | Promise<readonly ChatEvent[]>
  /** To be called when the stream is over, whether or not it came to its end. */
  end(): readonly ChatEvent[]
  /** Complete at the end, and when `audited` has settled. */
  readonly findings: readonly Finding[]
  /** When judges that only report have reported, once they are asked; it never rejects. */
  readonly audited: Promise<void> | undefined
  /** Why the stream ended before its end. */
  readonly blocked: Blocked | undefined
}

/** Lets everything through. */
const FREE: StreamGuard = {
  push: (event) => [event],
  end: () => [],
  findings: [],
  audited: undefined,
  blocked: undefined,
}

/** Creates what stands guard over one stream: it holds back no more than the rules ask for. */
export const createStreamGuard = (check: AnswerCheck): StreamGuard => {
  const { rules, vault } = check
  const others = [...rules.sizes, ...rules.judges]
  if (others.some(({ action }) => action !== 'Audit')) return createWholeGuard(check)
  const isFree = rules.local.length + others.length === 0 && vault.values.size === 0
  if (isFree) return FREE
  return createWindowGuard(check)
}
