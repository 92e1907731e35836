import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import type { ChatRequest } from '../chat/request.ts'
import { type CheckedAnswer, checkAnswer } from './check-answer.ts'
import { type CheckedRequest, checkRequest } from './check-request.ts'
import type { Judge } from './judge.ts'
import { createStageRules } from './rules.ts'
import { createStreamGuard, type StreamGuard } from './stream-guard.ts'
import type { Vault } from './vault.ts'

/** Stands guard over the calls of one model. */
export interface Guard {
  checkRequest(request: ChatRequest): Promise<CheckedRequest>
  /** @param vault of the request that is answered */
  checkAnswer(answer: ChatAnswer, vault: Vault): Promise<CheckedAnswer>
  /** The same for an answer that is streamed. */
  createStreamGuard(vault: Vault): StreamGuard
}

/** What a guard cannot do by itself. */
export interface GuardDeps {
  readonly judge: Judge
}

/** Creates a guard, once for the calls to come: patterns are compiled here. */
export const createGuard = (
  guardrails: readonly CompiledGuardrail[],
  { judge }: GuardDeps,
): Guard => {
  const rules = createStageRules(guardrails)
  return {
    checkRequest: (request) => checkRequest(request, rules.Request, judge),
    checkAnswer: (answer, vault) => checkAnswer(answer, { rules: rules.Response, judge, vault }),
    createStreamGuard: (vault) => createStreamGuard({ rules: rules.Response, judge, vault }),
  }
}
