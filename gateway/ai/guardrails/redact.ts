import type { Message } from '../chat/request.ts'
import { findAcross } from './find-across.ts'
import { isJson, rewriteJson } from './json-text.ts'
import type { Piece, Rewrite } from './pieces.ts'
import { type Edit, type Inspection, type LocalRule, Redactor } from './redactor.ts'
import { rewriteSchemaText } from './schema-text.ts'

/** Attempts to take over the model come from these; developers and models may speak of them. */
const UNTRUSTED: readonly Message['role'][] = ['user', 'tool']

/** A mask stands in the text where what it hides begins. @param edits by place */
const applyEdits = (texts: readonly string[], edits: readonly Edit[]): string[] => {
  let start = 0
  let next = 0
  return texts.map((text) => {
    const end = start + text.length
    let whole = ''
    let passed = start
    for (let edit = edits[next]; edit && edit.start < end; edit = edits[next]) {
      if (edit.start >= start) whole += text.slice(passed - start, edit.start - start) + edit.mask
      passed = Math.min(edit.end, end)
      if (edit.end > end) break
      next += 1
    }
    whole += text.slice(passed - start)
    start = end
    return whole
  })
}

const redactStretch = (
  texts: readonly string[],
  rules: readonly LocalRule[],
  inspection: Inspection,
): string[] => {
  const across = rules.map(({ guardrail, find }) => ({ guardrail, find: findAcross(texts, find) }))
  const redactor = new Redactor(across, inspection)
  redactor.end(texts.join(''))
  return applyEdits(texts, redactor.edits)
}

/** How rules look at one text. */
const createLook = (rules: readonly LocalRule[], inspection: Inspection) => {
  const redact = (text: string): string => new Redactor(rules, inspection).end(text)
  /** What cannot be masked must not pass. */
  const inspect = (text: string): void => {
    const redactor = new Redactor(rules, inspection)
    redactor.end(text)
    const [edit] = redactor.edits
    if (edit) inspection.blockedBy ??= edit.guardrail
  }
  return ({ text, form }: Piece): string => {
    if (form === 'json' && isJson(text)) return rewriteJson(text, redact)
    if (form === 'schema') {
      return JSON.stringify(rewriteSchemaText(JSON.parse(text), { rewrite: redact, inspect }))
    }
    if (form !== 'fixed') return redact(text)
    inspect(text)
    return text
  }
}

/** Applies rules to whole texts, and to the strings of those that are JSON. */
export const createRedact = (rules: readonly LocalRule[], inspection: Inspection): Rewrite => {
  const trusting = rules.filter(({ guardrail }) => guardrail.check.type !== 'promptInjection')
  return (stretch) => {
    const isTrusted = stretch.every(({ role }) => !UNTRUSTED.includes(role))
    const applied = isTrusted ? trusting : rules
    const texts = stretch.map(({ text }) => text)
    if (applied.length === 0) return texts
    if (stretch.length > 1) return redactStretch(texts, applied, inspection)
    return stretch.map(createLook(applied, inspection))
  }
}
