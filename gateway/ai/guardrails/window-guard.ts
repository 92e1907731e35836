import type { ChatEvent } from '../chat/answer.ts'
import type { Auditor } from './audit.ts'
import { type AnswerCheck, createInspection } from './check-answer.ts'
import { createTally, type Finding, toBlocked } from './findings.ts'
import type { StreamGuard } from './stream-guard.ts'
import { WindowedAnswer } from './windowed-answer.ts'

/** Holds no more of a stream back than what could still turn out to be a part of something. */
export const createWindowGuard = (
  check: AnswerCheck,
  auditor: Auditor | undefined,
): StreamGuard => {
  const { rules, vault } = check
  const tally = createTally('Response')
  const inspection = createInspection(vault, tally)
  const answer = new WindowedAnswer(rules.local, inspection, vault)
  const changesNothing =
    vault.values.size === 0 && rules.local.every(({ guardrail }) => guardrail.action === 'Audit')
  let audited: Promise<void> | undefined
  let auditFindings: readonly Finding[] = []

  const audit = async (): Promise<void> => {
    auditFindings = (await auditor?.toFindings()) ?? []
  }

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
        if (event.type === 'finish') audited = auditor && audit()
        const passed = answer.push(event)
        return changesNothing ? [event] : passed
      }),
    end() {
      const rest = unlessBlocked(() => (changesNothing ? [] : answer.end()))
      return audited === undefined ? rest : audited.then(() => rest)
    },
    get findings() {
      return [...tally.toFindings(), ...auditFindings]
    },
    get blocked() {
      return inspection.blockedBy && toBlocked(inspection.blockedBy, 'Response')
    },
  }
}
