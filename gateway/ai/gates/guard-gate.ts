import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import { AiProblem } from '../ai-problem.ts'
import type { Finding } from '../call-record.ts'
import { EMPTY_VAULT } from '../guardrails/check-request.ts'
import type { Blocked, Finding as Found } from '../guardrails/findings.ts'
import type { Guard } from '../guardrails/guard.ts'
import type { StreamGuard } from '../guardrails/stream-guard.ts'
import type { Gate, StreamFilter } from './gate.ts'

/** Checks that must see all of an answer before the caller sees any of it. */
const WHOLE = new Set(['size', 'model', 'webhook'])

const mustHold = ({ stages, action, check }: CompiledGuardrail): boolean =>
  stages.includes('Response') && action !== 'Audit' && WHOLE.has(check.type)

const toProblem = ({ message }: Blocked): AiProblem => new AiProblem('content_blocked', message)

const toFinding = ({ rule, stage, action, types }: Found): Finding => ({
  guardrail: rule,
  stage,
  action,
  counts: types,
})

/** What waits for a judge that only reports holds nothing up. */
const toEvents = (passed: ReturnType<StreamGuard['push']>) => {
  if (!(passed instanceof Promise)) return passed
  passed.catch(() => undefined)
  return []
}

const toFilter = (stream: StreamGuard): StreamFilter => ({
  push(event) {
    const passed = toEvents(stream.push(event))
    return event.type === 'end' ? [...toEvents(stream.end()), ...passed] : passed
  },
  get problem() {
    return stream.blocked && toProblem(stream.blocked)
  },
})

/** The guardrails of a model or a policy. */
export const createGuardGate = (guardrails: readonly CompiledGuardrail[], guard: Guard): Gate => {
  const isHolding = guardrails.some(mustHold)
  return {
    open(call) {
      let vault = EMPTY_VAULT
      let stream: StreamGuard | undefined
      const found: Found[] = []
      return {
        isReading: true,
        isHolding,
        async enter() {
          // Of texts to be embedded nothing comes back, and no message is there.
          if (!call.isChat) return undefined
          const checked = await guard.checkRequest(call.request)
          found.push(...checked.findings)
          if (checked.blocked) return toProblem(checked.blocked)
          vault = checked.vault
          call.rewrite(checked.request)
          return undefined
        },
        createFilter() {
          stream = guard.createStreamGuard(vault)
          return toFilter(stream)
        },
        async leave(answer) {
          const checked = await guard.checkAnswer(answer, vault)
          found.push(...checked.findings)
          return checked.blocked ? toProblem(checked.blocked) : checked.answer
        },
        get findings() {
          return [...found, ...(stream?.findings ?? [])].map(toFinding)
        },
      }
    },
  }
}
