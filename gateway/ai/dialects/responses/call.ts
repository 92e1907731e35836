import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { editMembers } from '#lib/json/members.ts'
import { AiProblem } from '../../ai-problem.ts'
import { type ParsedBody, parseBody } from '../../chat/parse-body.ts'
import { isAbsent } from '../../chat/present.ts'
import { isPromptCall } from '../../chat/prompt-name.ts'
import { findStoredState } from './stored-state.ts'

type Values = Readonly<Record<string, unknown>>

/** A call as the caller made it. */
export interface ResponsesCall extends ParsedBody {
  readonly body: Buffer
  /** As the caller names the model. */
  readonly model: string
  readonly isStream: boolean
  /** Most output tokens that are asked for. */
  readonly maxTokens: number | undefined
}

const invalid = (param: string, what: string): AiProblem =>
  new AiProblem('invalid_value', `'${param}' must be ${what}.`, { param })

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

const isInput = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.length > 0)

const isFlag = (value: unknown): boolean => isAbsent(value) || typeof value === 'boolean'

const isCount = (value: unknown): boolean =>
  isAbsent(value) || (Number.isSafeInteger(value) && (value as number) > 0)

const RULES: readonly [param: string, isValid: (value: unknown) => boolean, what: string][] = [
  ['model', isText, 'a string'],
  ['input', isInput, 'a string or a list of at least one item'],
  ['stream', isFlag, 'true or false'],
  ['store', isFlag, 'true or false'],
  ['background', isFlag, 'true or false'],
  ['max_output_tokens', isCount, 'a positive integer'],
]

const findFault = (values: Values): AiProblem | undefined => {
  const state = findStoredState(values)
  if (state) return new AiProblem('invalid_value', state.message, { param: state.param })
  const isPrompt = isPromptCall(values)
  const needed = isPrompt ? ['model'] : ['model', 'input']
  const missing = needed.find((name) => isAbsent(values[name]))
  if (missing !== undefined) {
    const message = `Missing required parameter: '${missing}'.`
    return new AiProblem('missing_value', message, { param: missing })
  }
  const rule = RULES.find(
    ([param, isValid]) => !isValid(values[param]) && !(isPrompt && isAbsent(values[param])),
  )
  return rule && invalid(rule[0], rule[2])
}

/** Reads a call. @returns why not, in place of one that is not valid. */
export const readResponsesCall = (body: Buffer): ResponsesCall | AiProblem => {
  const parsed = parseBody(body)
  if (parsed instanceof AiProblem) return parsed
  const { values } = parsed
  const fault = findFault(values)
  if (fault) return fault
  const { model, stream, max_output_tokens: maxTokens } = values
  return {
    body,
    model: model as string,
    isStream: stream === true,
    maxTokens: typeof maxTokens === 'number' ? maxTokens : undefined,
    ...parsed,
  }
}

/**
 * The body for a provider of the same dialect: every byte that may stay as it is does. Nothing is
 * stored, even if the caller asks for it, which is the default: all callers share one account.
 */
export const toResponsesBody = (call: ResponsesCall, model: CompiledModel): Buffer => {
  const isLimited = call.maxTokens === undefined && model.maxTokens !== undefined
  const set = {
    model: JSON.stringify(model.model),
    store: 'false',
    ...(isLimited && { max_output_tokens: String(model.maxTokens) }),
  }
  return editMembers(call.body, call.spans, { set })
}
