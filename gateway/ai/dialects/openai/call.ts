import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { editMembers, findMembers, type MemberEdits, type MemberSpan } from '#lib/json/members.ts'
import { AiProblem } from '../../ai-problem.ts'

/** What is done with a model. */
export type Operation = 'chat' | 'embeddings'

/** A call as the caller made it. */
export interface OpenAiCall {
  readonly operation: Operation
  readonly body: Buffer
  /** As the caller names the model. */
  readonly model: string
  readonly isStream: boolean
  /** Whether a stream shall end with its usage. */
  readonly wantsUsage: boolean
  /** Most output tokens that are asked for. */
  readonly maxTokens: number | undefined
  readonly members: Members
  /** Where they stand in the body. */
  readonly spans: ReadonlyMap<string, MemberSpan>
}

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parse = (body: Buffer): Pick<OpenAiCall, 'members' | 'spans'> | AiProblem => {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (!isObject(value)) return new AiProblem('invalid_json', 'The body must be a JSON object.')
    return { members: value, spans: findMembers(body) }
  } catch (error) {
    const { message } = error as SyntaxError
    return new AiProblem('invalid_json', `The body is not valid JSON: ${message.slice(0, 200)}.`)
  }
}

/** What a call must have beside the name of the model. */
const REQUIRED: Record<Operation, string> = { chat: 'messages', embeddings: 'input' }

const invalid = (param: string, what: string): AiProblem =>
  new AiProblem('invalid_value', `'${param}' must be ${what}.`, { param })

const missing = (param: string): AiProblem =>
  new AiProblem('missing_value', `Missing required parameter: '${param}'.`, { param })

const isAbsent = (value: unknown): boolean => value === undefined || value === null

const isCount = (value: unknown): boolean =>
  isAbsent(value) || (Number.isInteger(value) && (value as number) > 0)

const findFault = (members: Members, operation: Operation): AiProblem | undefined => {
  const { model, stream, messages } = members
  if (isAbsent(model)) return missing('model')
  if (typeof model !== 'string' || model === '') return invalid('model', 'a string')
  const required = REQUIRED[operation]
  if (isAbsent(members[required])) return missing(required)
  if (operation === 'chat' && !(Array.isArray(messages) && messages.length > 0)) {
    return invalid('messages', 'a list of at least one message')
  }
  if (!isAbsent(stream) && typeof stream !== 'boolean') return invalid('stream', 'true or false')
  if (!isAbsent(members.stream_options) && !isObject(members.stream_options)) {
    return invalid('stream_options', 'an object')
  }
  const count = ['max_tokens', 'max_completion_tokens'].find((name) => !isCount(members[name]))
  return count === undefined ? undefined : invalid(count, 'a positive integer')
}

/** Reads a call. @returns why not, in place of one that is not valid. */
export const readCall = (body: Buffer, operation: Operation): OpenAiCall | AiProblem => {
  const parsed = parse(body)
  if (parsed instanceof AiProblem) return parsed
  const { members, spans } = parsed
  const fault = findFault(members, operation)
  if (fault) return fault
  const options = members.stream_options
  const maxTokens = members.max_completion_tokens ?? members.max_tokens
  return {
    operation,
    body,
    model: members.model as string,
    isStream: operation === 'chat' && members.stream === true,
    wantsUsage: isObject(options) && options.include_usage === true,
    maxTokens: typeof maxTokens === 'number' ? maxTokens : undefined,
    members,
    spans,
  }
}

const TOKEN_FIELDS = ['max_tokens', 'max_completion_tokens'] as const

/** Calls the limit of output tokens what the provider calls it. */
const toTokenEdits = ({ members }: OpenAiCall, model: CompiledModel): MemberEdits => {
  const { maxTokens, maxTokensField } = model
  const given = TOKEN_FIELDS.filter((name) => !isAbsent(members[name]))
  if (given.length === 0) {
    return maxTokens === undefined ? {} : { set: { [maxTokensField ?? 'max_tokens']: maxTokens } }
  }
  // Two limits are the caller's to answer for.
  const [only] = given
  const isOther = given.length === 1 && maxTokensField !== undefined && only !== maxTokensField
  const isFree = maxTokensField !== undefined && !(maxTokensField in members)
  return isOther && isFree && only ? { rename: { [only]: maxTokensField } } : {}
}

/** The only way to learn what a stream has cost; taken out again where nobody asked for it. */
const toStreamOptions = (call: OpenAiCall, { hasStreamOptions }: CompiledModel) => {
  if (!(call.isStream && hasStreamOptions) || call.wantsUsage) return {}
  const options = call.members.stream_options
  return { stream_options: { ...(isObject(options) && options), include_usage: true } }
}

/** The body for a provider of the same dialect: every byte that may stay as it is does. */
export const toBody = (call: OpenAiCall, model: CompiledModel): Buffer => {
  const isChat = call.operation === 'chat'
  const { set, rename } = isChat ? toTokenEdits(call, model) : {}
  const values = { model: model.model, ...set, ...toStreamOptions(call, model) }
  return editMembers(call.body, call.spans, { set: values, ...(rename && { rename }) })
}
