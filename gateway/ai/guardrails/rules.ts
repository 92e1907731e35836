import type { CompiledGuardrail, Stage } from '#config/compiled/guardrail.ts'
import { createInjectionFinder } from './find-injection.ts'
import { createPatternFinder } from './find-patterns.ts'
import { createTopicFinder } from './find-topics.ts'
import { isJudgeRule, type JudgeRule } from './judge.ts'
import { createPiiFinder } from './pii/find-pii.ts'
import type { LocalRule } from './redactor.ts'
import { isSizeRule, type SizeRule } from './size.ts'
import type { Find } from './span.ts'

/** The rules of one stage, by how they work. */
export interface StageRules {
  readonly stage: Stage
  readonly local: readonly LocalRule[]
  readonly sizes: readonly SizeRule[]
  readonly judges: readonly JudgeRule[]
}

/** @returns undefined for a check that looks at more than a text, or asks somebody else */
const createFinder = ({ check }: CompiledGuardrail): Find | undefined => {
  switch (check.type) {
    case 'pii':
      return createPiiFinder(check.types)
    case 'patterns':
      return createPatternFinder(check.patterns)
    case 'promptInjection':
      return createInjectionFinder(check.sensitivity)
    case 'topics':
      return createTopicFinder(check.deny)
    case 'size':
    case 'model':
    case 'webhook':
      return undefined
  }
}

/** The rules of each stage; patterns are compiled once for both. */
export const createStageRules = (
  guardrails: readonly CompiledGuardrail[],
): Record<Stage, StageRules> => {
  const local = guardrails.flatMap((guardrail) => {
    const find = createFinder(guardrail)
    return find ? [{ guardrail, find }] : []
  })
  const select = (stage: Stage): StageRules => ({
    stage,
    local: local.filter(({ guardrail }) => guardrail.stages.includes(stage)),
    sizes: guardrails.filter(isSizeRule).filter(({ stages }) => stages.includes(stage)),
    judges: guardrails.filter(isJudgeRule).filter(({ stages }) => stages.includes(stage)),
  })
  return { Request: select('Request'), Response: select('Response') }
}
