import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import type { CompiledVariables } from '#config/compiled/prompt-variable.ts'
import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import type { ChatRequest } from '../chat/request.ts'
import type { Gate, Passed } from '../gates/gate.ts'
import { createOutputCheck, type OutputCheck } from './output-check.ts'
import { renderPrompt } from './render.ts'
import { toRepairRequest } from './repair.ts'

/** What a caller may say beside the variables. */
const KNOWN = new Set([
  ...['model', 'variables', 'stream', 'stream_options', 'system', 'instructions'],
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens'],
])
/** Where callers say what comes after the prompt. */
const MESSAGES = ['messages', 'input']

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)

/** What follows the messages of the prompt, and what nobody asked of a prompt. */
const toRequest = (call: Call, rendered: ChatRequest): ChatRequest => {
  const { values, maxTokens } = call.read
  const own = MESSAGES.every((name) => isEmpty(values[name])) ? [] : call.request.messages
  return {
    // Some dialects must say it; the prompt knows better, if it does.
    ...(maxTokens !== undefined && { maxTokens }),
    ...rendered,
    messages: [...rendered.messages, ...own],
    unknown: Object.keys(values).filter((name) => !KNOWN.has(name) && !MESSAGES.includes(name)),
  }
}

/** Making a check takes milliseconds; a version lives as long as its fragment. */
const checks = new WeakMap<CompiledPromptVersion, OutputCheck>()

const toCheck = (version: CompiledPromptVersion): OutputCheck | undefined => {
  if (!version.output) return undefined
  const check = checks.get(version) ?? createOutputCheck(version.output.schema)
  checks.set(version, check)
  return check
}

const toText = ({ parts }: ChatAnswer): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

export interface PromptGateOptions {
  /** Of its own: the caller is told nothing of how an answer has ended. */
  readonly isEndpoint: boolean
}

/** Puts the request of a prompt in place of the caller's, and checks what comes back. */
export const createPromptGate = (
  version: CompiledPromptVersion,
  variables: CompiledVariables,
  { isEndpoint }: PromptGateOptions,
): Gate => ({
  open(call) {
    const check = toCheck(version)
    let mayRepair = version.output?.repair ?? false
    return {
      isReading: true,
      // What does not fit must not have been told.
      isHolding: check !== undefined,
      async enter() {
        const rendered = renderPrompt(version, variables, call.read.values.variables ?? {})
        call.rewrite(toRequest(call, rendered))
        return undefined
      },
      async leave(answer): Promise<Passed> {
        if (isEndpoint && answer.finish !== 'stop') {
          const message = `The answer of the model is not complete: ${answer.finish}.`
          return new AiProblem('invalid_output', message)
        }
        if (!check) return answer
        const text = toText(answer)
        const checked = check.check(text)
        if ('value' in checked) {
          return { ...answer, parts: [{ type: 'text', text: JSON.stringify(checked.value) }] }
        }
        if (!mayRepair) {
          const message = `The answer of the model does not fit: ${checked.problem}.`
          return new AiProblem('invalid_output', message)
        }
        mayRepair = false
        return { askAgain: toRepairRequest(call.request, text, checked.problem) }
      },
    }
  },
})
