import { z } from 'zod'
import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { editMembers } from '#lib/json/members.ts'
import { AiProblem } from '../../ai-problem.ts'
import { type ParsedBody, parseBody } from '../../chat/parse-body.ts'
import { isPromptCall } from '../../chat/prompt-name.ts'
import { checkField } from '../../chat/read-field.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { findStoredState } from './stored-state.ts'

/** A call as the caller made it. */
export interface MessagesCall extends ParsedBody {
  readonly body: Buffer
  /** As the caller names the model. */
  readonly model: string
  readonly isStream: boolean
  /** Most output tokens that are asked for. */
  readonly maxTokens: number | undefined
}

/** What the gateway has to know; the provider sees to the rest. */
const schema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(z.unknown()).min(1),
  stream: z.boolean().nullish(),
  // None at all fills the cache of the provider.
  max_tokens: z.int().min(0).nullish(),
})

/** What a prompt says need not be said. */
const promptSchema = schema.extend({ messages: z.array(z.unknown()).nullish() })

/** Reads a call. @returns why not, in place of one that is not valid. */
export const readMessagesCall = (body: Buffer): MessagesCall | AiProblem => {
  const parsed = parseBody(body)
  if (parsed instanceof AiProblem) return parsed
  const read = checkField(isPromptCall(parsed.values) ? promptSchema : schema, parsed.values)
  if (read instanceof RequestFault) {
    const { param, message, isMissing } = read
    return new AiProblem(isMissing ? 'missing_value' : 'invalid_value', message, { param })
  }
  const stored = findStoredState(parsed.values)
  if (stored) return stored
  const { model, stream, max_tokens: maxTokens } = read
  return { body, model, isStream: stream === true, maxTokens: maxTokens ?? undefined, ...parsed }
}

/** The body for a provider of the same dialect: every byte that may stay as it is does. */
export const toMessagesBody = (call: MessagesCall, model: CompiledModel): Buffer => {
  const limit = call.maxTokens === undefined ? model.maxTokens : undefined
  const set = {
    model: JSON.stringify(model.model),
    ...(limit !== undefined && { max_tokens: String(limit) }),
  }
  return editMembers(call.body, call.spans, { set })
}
