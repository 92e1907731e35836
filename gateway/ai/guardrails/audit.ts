import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
import { createAnswerAssembly } from '../chat/answer-assembly.ts'
import { type AnswerCheck, createInspection, toPieces } from './check-answer.ts'
import { createTally, type Tally } from './findings.ts'
import { judgeTexts } from './judge-texts.ts'
import { rewriteAnswerParts } from './pieces.ts'
import { createRedact } from './redact.ts'
import { findTooLarge } from './size.ts'

/** Looks at a stream that nothing is held back of, once it is known what it says. */
export interface Auditor {
  /** Sizes are counted when it is called. */
  push(event: ChatEvent): void
  /** When all judges have said what they think, once they are asked; it never rejects. */
  readonly audited: Promise<void> | undefined
}

const askJudges = async (
  { parts }: ChatAnswer,
  { rules, judge, vault, signal }: AnswerCheck,
  tally: Tally,
): Promise<void> => {
  // A judge sees no more than it would see of an answer that comes as a whole.
  const masking = rules.local.filter(({ guardrail }) => guardrail.action === 'Mask')
  const inspection = createInspection(vault, createTally('Response'))
  const masked = rewriteAnswerParts(parts, createRedact(masking, inspection))
  if (inspection.blockedBy) return
  const { audited } = await judgeTexts(rules.judges, toPieces(masked), { judge, tally, signal })
  await audited
}

/** For rules that look at all of an answer and only report what they find. */
export const createAuditor = (check: AnswerCheck, tally: Tally): Auditor => {
  const { sizes, judges } = check.rules
  const assembly = createAnswerAssembly()
  let audited: Promise<void> | undefined
  return {
    push(event) {
      assembly.push(event)
      const answer = event.type === 'finish' ? assembly.toAnswer() : undefined
      if (!answer) return
      findTooLarge(sizes, { pieces: toPieces(answer.parts) }, tally)
      if (judges.length > 0) audited = askJudges(answer, check, tally).catch(() => undefined)
    },
    get audited() {
      return audited
    },
  }
}
