import type { Message } from '../chat/request.ts'
import { isJson, rewriteJson } from './json-text.ts'
import type { Rewrite } from './pieces.ts'
import { type Inspection, type LocalRule, Redactor } from './redactor.ts'

/** Attempts to take over the model come from these; developers and models may speak of them. */
const UNTRUSTED: readonly Message['role'][] = ['user', 'tool']

/** Applies rules to whole texts, and to the strings of those that are JSON. */
export const createRedact = (rules: readonly LocalRule[], inspection: Inspection): Rewrite => {
  const trusting = rules.filter(({ guardrail }) => guardrail.check.type !== 'promptInjection')
  return ({ text, role, isArguments }) => {
    const applied = UNTRUSTED.includes(role) ? rules : trusting
    if (applied.length === 0) return text
    const redact = (part: string): string => new Redactor(applied, inspection).end(part)
    return isArguments && isJson(text) ? rewriteJson(text, redact) : redact(text)
  }
}
