import { z } from 'zod'
import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { countValues, editMembers, findMembers, type Members } from '#lib/json/members.ts'
import { AiProblem } from '../../ai-problem.ts'
import { toFieldFault } from './field-fault.ts'

/** A call as the caller made it. */
export interface MessagesCall {
  readonly body: Buffer
  /** As the caller names the model. */
  readonly model: string
  readonly isStream: boolean
  /** Most output tokens that are asked for. */
  readonly maxTokens: number | undefined
  readonly values: Readonly<Record<string, unknown>>
  /** Where they stand in the body. */
  readonly spans: Members
}

/** What the gateway has to know; the provider sees to the rest. */
const schema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(z.unknown()).min(1),
  stream: z.boolean().nullish(),
  // None at all fills the cache of the provider.
  max_tokens: z.int().min(0).nullish(),
})

/** Reading JSON takes up to twenty times its length; of values, no call has so many. */
const MAX_VALUES = 500_000

/** Some servers read names without regard to case, and would find what nobody here has seen. */
const assertPlain = (spans: Members): void => {
  for (const name of spans.keys()) {
    const folded = name.toUpperCase().toLowerCase()
    if (name === folded || !Object.hasOwn(schema.shape, folded)) continue
    throw new SyntaxError(`${JSON.stringify(name)} must be written ${folded}`)
  }
}

const parse = (body: Buffer): Pick<MessagesCall, 'values' | 'spans'> | AiProblem => {
  try {
    if (countValues(body) > MAX_VALUES) {
      return new AiProblem('request_too_large', `The body holds more than ${MAX_VALUES} values.`)
    }
    const { data } = z.looseObject({}).safeParse(JSON.parse(body.toString()))
    if (!data) return new AiProblem('invalid_json', 'The body must be a JSON object.')
    const spans = findMembers(body)
    assertPlain(spans)
    return { values: data, spans }
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : ''
    return new AiProblem('invalid_json', `The body is not valid JSON: ${why}.`)
  }
}

/** Reads a call. @returns why not, in place of one that is not valid. */
export const readMessagesCall = (body: Buffer): MessagesCall | AiProblem => {
  const parsed = parse(body)
  if (parsed instanceof AiProblem) return parsed
  const { data, error } = schema.safeParse(parsed.values)
  if (error) {
    const { param, message, isMissing } = toFieldFault(error, parsed.values)
    return new AiProblem(isMissing ? 'missing_value' : 'invalid_value', message, { param })
  }
  const { model, stream, max_tokens: maxTokens } = data
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
