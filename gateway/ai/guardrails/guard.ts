import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import type { ChatRequest } from '../chat/request.ts'
import { type AnswerCheck, type CheckedAnswer, checkAnswer } from './check-answer.ts'
import { type CheckedRequest, checkRequest } from './check-request.ts'
import type { Judge } from './judge.ts'
import { createStageRules } from './rules.ts'
import { createStreamGuard, type StreamGuard } from './stream-guard.ts'
import type { Vault } from './vault.ts'

/** Stands guard over the calls of one model. */
export interface Guard {
  /** @throws the reason of the signal when it is aborted while a judge is asked */
  checkRequest(request: ChatRequest, signal?: AbortSignal): Promise<CheckedRequest>
  /**
   * @param vault of the request that is answered
   * @throws the reason of the signal when it is aborted while a judge is asked
   */
  checkAnswer(answer: ChatAnswer, vault: Vault, signal?: AbortSignal): Promise<CheckedAnswer>
  /** The same for an answer that is streamed. */
  createStreamGuard(vault: Vault, signal?: AbortSignal): StreamGuard
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
  const toAnswerCheck = (vault: Vault, signal?: AbortSignal): AnswerCheck => ({
    rules: rules.Response,
    judge,
    vault,
    signal,
  })
  return {
    checkRequest: (request, signal) => checkRequest(request, rules.Request, { judge, signal }),
    checkAnswer: (answer, vault, signal) => checkAnswer(answer, toAnswerCheck(vault, signal)),
    createStreamGuard: (vault, signal) => createStreamGuard(toAnswerCheck(vault, signal)),
  }
}
