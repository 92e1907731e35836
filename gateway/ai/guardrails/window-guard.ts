import type { ChatEvent } from '../chat/answer.ts'
import { createAuditor } from './audit.ts'
import { type AnswerCheck, createInspection } from './check-answer.ts'
import { createTally, toBlocked } from './findings.ts'
import type { StreamGuard } from './stream-guard.ts'
import { WindowedAnswer } from './windowed-answer.ts'

/** Holds no more of a stream back than what could still turn out to be a part of something. */
export const createWindowGuard = (check: AnswerCheck): StreamGuard => {
  const { rules, vault } = check
  const tally = createTally('Response')
  const inspection = createInspection(vault, tally)
  const answer = new WindowedAnswer(rules.local, inspection, vault)
  const changesNothing =
    vault.values.size === 0 && rules.local.every(({ guardrail }) => guardrail.action === 'Audit')
  const mustAudit = rules.sizes.length + rules.judges.length > 0
  const auditor = mustAudit ? createAuditor(check, tally) : undefined

  /** @param pass lets out what can be let out */
  const unlessBlocked = (pass: () => readonly ChatEvent[]): readonly ChatEvent[] => {
    if (inspection.blockedBy) return []
    const passed = pass()
    if (!inspection.blockedBy) return passed
    return [{ type: 'error', message: toBlocked(inspection.blockedBy, 'Response').message }]
  }

  return {
    push: (event) =>
      unlessBlocked(() => {
        auditor?.push(event)
        const passed = answer.push(event)
        return changesNothing ? [event] : passed
      }),
    end: () => unlessBlocked(() => (changesNothing ? [] : answer.end())),
    get findings() {
      return tally.toFindings()
    },
    get audited() {
      return auditor?.audited
    },
    get blocked() {
      return inspection.blockedBy && toBlocked(inspection.blockedBy, 'Response')
    },
  }
}
