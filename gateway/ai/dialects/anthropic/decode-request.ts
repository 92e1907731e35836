import { readField } from '../../chat/read-field.ts'
import type { ChatRequest, Reasoning, Tool, ToolChoice } from '../../chat/request.ts'
import { decodeMessages } from './decode-messages.ts'
import { type MessagesRequest, requestSchema } from './request-schema.ts'
import { findUnknown } from './unknown-fields.ts'

const toTool = (tool: NonNullable<MessagesRequest['tools']>[number]): Tool => {
  const { name, description, input_schema: parameters, strict } = tool
  return {
    name,
    ...(typeof description === 'string' && { description }),
    parameters,
    ...(typeof strict === 'boolean' && { strict }),
  }
}

const toToolChoice = (choice: NonNullable<MessagesRequest['tool_choice']>): ToolChoice => {
  if (choice.type === 'tool') return { type: 'tool', name: choice.name }
  return { type: choice.type === 'any' ? 'required' : choice.type }
}

const decodeTools = ({ tools, tool_choice: choice }: MessagesRequest) => ({
  tools: (tools ?? []).map(toTool),
  ...(choice && { toolChoice: toToolChoice(choice) }),
  ...(choice?.disable_parallel_tool_use === true && { parallelToolCalls: false }),
})

/** The format has no name in this dialect, and must have one in others. */
const FORMAT_NAME = 'answer'

const decodeOutput = ({ output_config: config, output_format: older }: MessagesRequest) => {
  const format = config?.format ?? older
  if (!format) return {}
  return { output: { type: 'schema' as const, name: FORMAT_NAME, schema: format.schema } }
}

const toReasoning = (request: MessagesRequest): Reasoning | undefined => {
  const { thinking, output_config: config } = request
  const effort = config?.effort ?? undefined
  switch (thinking?.type) {
    case 'disabled':
      return { effort: 'none' }
    // Notes between calls of tools only.
    case 'between_tools':
      return { effort: 'low' }
    case 'enabled': {
      const budgetTokens = thinking.budget_tokens ?? undefined
      return {
        ...(effort !== undefined && { effort }),
        ...(budgetTokens !== undefined && { budgetTokens }),
      }
    }
    // As much as the model likes.
    case 'adaptive':
      return effort === undefined ? {} : { effort }
    default:
      return effort === undefined ? undefined : { effort }
  }
}

const decodeParameters = (request: MessagesRequest) => {
  const { max_tokens: maxTokens, temperature, top_p: topP, top_k: topK, metadata } = request
  const stop = request.stop_sequences
  const user = metadata?.user_id
  return {
    ...(typeof maxTokens === 'number' && { maxTokens }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { topP }),
    ...(typeof topK === 'number' && { topK }),
    ...(stop && stop.length > 0 && { stop }),
    ...(user && { user }),
  }
}

/** @throws RequestFault when the body is not valid */
export const decodeRequest = (body: Readonly<Record<string, unknown>>): ChatRequest => {
  const request = readField(requestSchema, body)
  const reasoning = toReasoning(request)
  return {
    messages: decodeMessages(request),
    ...decodeTools(request),
    ...decodeOutput(request),
    ...(reasoning && { reasoning }),
    ...decodeParameters(request),
    unknown: findUnknown(request),
  }
}
