import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { editMembers, findMembers, type MemberEdits, type Members } from '#lib/json/members.ts'
import { AiProblem } from '../../ai-problem.ts'
import { type ParsedBody, parseBody } from '../../chat/parse-body.ts'
import { isAbsent } from '../../chat/present.ts'
import { isPromptCall } from '../../chat/prompt-name.ts'
import { findReference, toStoredMessage } from '../../chat/stored-reference.ts'

/** What is done with a model. */
export type Operation = 'chat' | 'embeddings'

/** A call as the caller made it. */
export interface OpenAiCall extends ParsedBody {
  readonly operation: Operation
  readonly body: Buffer
  /** As the caller names the model. */
  readonly model: string
  readonly isStream: boolean
  /** Whether a stream shall end with its usage. */
  readonly wantsUsage: boolean
  /** Most output tokens that are asked for. */
  readonly maxTokens: number | undefined
  /** Answers that are asked for side by side. */
  readonly choices: number
  /** What is asked of a stream. */
  readonly streamOptions: Located
}

/** An object, and where its members stand in it. */
interface Located {
  readonly text: Buffer
  readonly spans: Members
}

type Values = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const NO_OPTIONS = { text: Buffer.from('{}'), spans: new Map() }

const findOptions = (body: Buffer, { spans, values }: ParsedBody): Located => {
  const span = spans.get('stream_options')
  if (!(span && isObject(values.stream_options))) return NO_OPTIONS
  const text = body.subarray(...span.value)
  return { text, spans: findMembers(text) }
}

/** What a call must have beside the name of the model. */
const REQUIRED: Record<Operation, string> = { chat: 'messages', embeddings: 'input' }

const invalid = (param: string, what: string): AiProblem =>
  new AiProblem('invalid_value', `'${param}' must be ${what}.`, { param })

const missing = (param: string): AiProblem =>
  new AiProblem('missing_value', `Missing required parameter: '${param}'.`, { param })

const TOKEN_FIELDS = ['max_tokens', 'max_completion_tokens'] as const

const isCount = (value: unknown): boolean =>
  isAbsent(value) || (Number.isSafeInteger(value) && (value as number) > 0)

const findCountFault = (values: Values): AiProblem | undefined => {
  const name = [...TOKEN_FIELDS, 'n'].find((field) => !isCount(values[field]))
  if (name !== undefined) return invalid(name, 'a positive integer')
  const given = TOKEN_FIELDS.filter((field) => !isAbsent(values[field]))
  return given.length > 1 ? invalid('max_tokens', 'absent beside max_completion_tokens') : undefined
}

const findContentFault = (values: Values, operation: Operation): AiProblem | undefined => {
  if (isPromptCall(values)) return undefined
  const required = REQUIRED[operation]
  if (isAbsent(values[required])) return missing(required)
  const { messages } = values
  return operation === 'embeddings' || (Array.isArray(messages) && messages.length > 0)
    ? undefined
    : invalid('messages', 'a list of at least one message')
}

const isReference = (name: string, value: unknown): boolean =>
  (name === 'file_id' && !isAbsent(value)) ||
  (name === 'audio' && isObject(value) && !isAbsent(value.id))

/** All callers share one account at the provider: one could read what another has stored. */
const findStoredFault = (values: Values, operation: Operation): AiProblem | undefined => {
  if (operation !== 'chat') return undefined
  const param = findReference('messages', values.messages, isReference)
  return param === undefined
    ? undefined
    : new AiProblem('invalid_value', toStoredMessage(param), { param })
}

const findFault = (values: Values, operation: Operation): AiProblem | undefined => {
  const { model, stream, stream_options: options } = values
  if (isAbsent(model)) return missing('model')
  if (typeof model !== 'string' || model === '') return invalid('model', 'a string')
  const fault = findContentFault(values, operation) ?? findStoredFault(values, operation)
  if (fault) return fault
  if (!isAbsent(stream) && typeof stream !== 'boolean') return invalid('stream', 'true or false')
  if (!isAbsent(options) && !isObject(options)) return invalid('stream_options', 'an object')
  return findCountFault(values)
}

/** Reads a call. @returns why not, in place of one that is not valid. */
export const readCall = (body: Buffer, operation: Operation): OpenAiCall | AiProblem => {
  const parsed = parseBody(body)
  if (parsed instanceof AiProblem) return parsed
  const { values } = parsed
  const fault = findFault(values, operation)
  if (fault) return fault
  const { model, stream, stream_options: options, n } = values
  const maxTokens = values.max_completion_tokens ?? values.max_tokens
  return {
    operation,
    body,
    model: model as string,
    isStream: operation === 'chat' && stream === true,
    wantsUsage: isObject(options) && options.include_usage === true,
    maxTokens: typeof maxTokens === 'number' ? maxTokens : undefined,
    choices: typeof n === 'number' ? n : 1,
    ...parsed,
    streamOptions: findOptions(body, parsed),
  }
}

/** Calls the limit of output tokens what the provider calls it. */
const toTokenEdits = ({ values, maxTokens }: OpenAiCall, model: CompiledModel): MemberEdits => {
  const given = TOKEN_FIELDS.find((name) => !isAbsent(values[name]))
  const field = model.maxTokensField ?? given ?? 'max_tokens'
  if (given === undefined) {
    return model.maxTokens === undefined ? {} : { set: { [field]: String(model.maxTokens) } }
  }
  if (given === field) return {}
  if (!(field in values)) return { rename: { [given]: field } }
  return { set: { [field]: String(maxTokens), [given]: 'null' } }
}

/** The only way to learn what a stream has cost; taken out again where nobody asked for it. */
const toStreamOptions = (call: OpenAiCall, { hasStreamOptions }: CompiledModel) => {
  if (!(call.isStream && hasStreamOptions) || call.wantsUsage) return {}
  const { text, spans } = call.streamOptions
  return { stream_options: editMembers(text, spans, { set: { include_usage: 'true' } }) }
}

/** The body for a provider of the same dialect: every byte that may stay as it is does. */
export const toBody = (call: OpenAiCall, model: CompiledModel): Buffer => {
  const isChat = call.operation === 'chat'
  const { set, rename } = isChat ? toTokenEdits(call, model) : {}
  const values = {
    model: JSON.stringify(model.model),
    ...(isChat && 'store' in call.values && { store: 'false' }),
    ...set,
    ...toStreamOptions(call, model),
  }
  return editMembers(call.body, call.spans, { set: values, ...(rename && { rename }) })
}
