import type { ChatEvent } from '../chat/answer.ts'
import { createAnswerAssembly } from '../chat/answer-assembly.ts'
import { type AnswerCheck, checkAnswer } from './check-answer.ts'
import type { Finding } from './findings.ts'

/** Looks at a stream that nothing is held back of, once it is known what it says. */
export interface Auditor {
  push(event: ChatEvent): void
  toFindings(): Promise<readonly Finding[]>
}

/** For rules that look at all of an answer and only report what they find. */
export const createAuditor = (check: AnswerCheck): Auditor => {
  const { sizes, judges, local } = check.rules
  const names = new Set([...sizes, ...judges].map(({ name }) => name))
  // A judge sees no more than it would see of an answer that comes as a whole.
  const masking = local.filter(({ guardrail }) => guardrail.action === 'Mask')
  const rules = { ...check.rules, local: masking }
  const assembly = createAnswerAssembly()
  return {
    push: (event) => assembly.push(event),
    async toFindings() {
      const answer = assembly.toAnswer()
      if (!answer) return []
      const { findings } = await checkAnswer(answer, { ...check, rules })
      return findings.filter(({ rule }) => names.has(rule))
    },
  }
}
