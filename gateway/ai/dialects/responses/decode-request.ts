import { z } from 'zod'
import { toPresent } from '../../chat/present.ts'
import { readField } from '../../chat/read-field.ts'
import { type ChatRequest, EFFORTS, type Message } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { decodeInput } from './decode-input.ts'
import { decodeOutputFormat } from './decode-output-format.ts'
import { decodeTools } from './decode-tools.ts'
import { findStoredState } from './stored-state.ts'

type Values = Readonly<Record<string, unknown>>

const fields = z.object({
  instructions: z.string().nullish(),
  text: z.object({ format: z.unknown().optional() }).nullish(),
  reasoning: z.object({ effort: z.enum(EFFORTS).nullish() }).nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  stream: z.boolean().nullish(),
})

/** What is read, here or on the way here, or says no more than what is done anyway. */
const KNOWN = new Set([
  ...Object.keys(fields.shape),
  ...['model', 'input', 'tools', 'tool_choice', 'stream_options'],
])

const KNOWN_WITHIN: Readonly<Record<string, readonly string[]>> = {
  text: ['format'],
  // A thought is told as its own summary.
  reasoning: ['effort', 'summary'],
}

const listPresent = (values: object): string[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [name],
  )

const findUnknown = (body: Values): string[] => {
  const unknown = listPresent(body).filter((name) => !KNOWN.has(name))
  for (const [name, known] of Object.entries(KNOWN_WITHIN)) {
    const within = listPresent(body[name] ?? {}).filter((member) => !known.includes(member))
    unknown.push(...within.map((member) => `${name}.${member}`))
  }
  // Nothing is stored, whatever is asked: clients ask for it unless they are told not to.
  return body.store === true ? [...unknown, 'store'] : unknown
}

const checkState = (body: Values): void => {
  const state = findStoredState(body)
  if (state) throw new RequestFault(state.param, state.message)
}

const toSystem = (text: string): Message => ({ role: 'system', parts: [{ type: 'text', text }] })

/**
 * Reads a request of the Responses API.
 *
 * https://platform.openai.com/docs/api-reference/responses/create
 *
 * @throws RequestFault when it is not valid, or needs what only OpenAI has
 */
export const decodeRequest = (body: Values): ChatRequest => {
  checkState(body)
  const read = readField(fields, body)
  const { instructions, reasoning } = read
  return {
    messages: [...(instructions ? [toSystem(instructions)] : []), ...decodeInput(body.input)],
    ...decodeTools(body.tools, body.tool_choice),
    unknown: findUnknown(body),
    ...toPresent({
      parallelToolCalls: read.parallel_tool_calls,
      output: decodeOutputFormat(read.text?.format),
      reasoning: reasoning?.effort && { effort: reasoning.effort },
      maxTokens: read.max_output_tokens,
      temperature: read.temperature,
      topP: read.top_p,
      user: read.safety_identifier ?? read.user,
    }),
  }
}
