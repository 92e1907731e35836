import { toPresent } from '../../chat/present.ts'
import { readField } from '../../chat/read-field.ts'
import type { ChatRequest, OutputFormat } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeTools } from './decode-tools.ts'
import { type CallerRequest, requestSchema } from './request-schema.ts'

type Body = Readonly<Record<string, unknown>>

const checkAnswerForm = ({ n, modalities }: CallerRequest): void => {
  if ((n ?? 1) > 1) throw new RequestFault('n', "'n' must be 1: this model gives one answer.")
  if (modalities?.some((modality) => modality !== 'text')) {
    throw new RequestFault('modalities', "'modalities' must be text: this model gives no other.")
  }
}

const toOutput = ({
  response_format: format,
}: CallerRequest): { readonly output?: OutputFormat } => {
  if (!format || format.type === 'text') return {}
  if (format.type === 'json_object') return { output: { type: 'json' } }
  const { name, description, schema, strict } = format.json_schema
  if (!schema) return { output: { type: 'json' } }
  return {
    output: {
      type: 'schema',
      name,
      ...toPresent({ description }),
      schema,
      ...toPresent({ strict }),
    },
  }
}

const findUnknown = (body: Body): string[] =>
  Object.keys(body).filter((name) => {
    const value = body[name]
    return value !== null && value !== undefined && !Object.hasOwn(requestSchema.shape, name)
  })

/** Reads a request: https://platform.openai.com/docs/api-reference/chat/create */
export const decodeRequest = (body: Body): ChatRequest => {
  const request = readField(requestSchema, body)
  checkAnswerForm(request)
  const effort = request.reasoning_effort
  return {
    messages: decodeMessages(request.messages),
    ...decodeTools(request),
    ...toOutput(request),
    ...(effort && { reasoning: { effort } }),
    ...toPresent({
      parallelToolCalls: request.parallel_tool_calls,
      maxTokens: request.max_completion_tokens ?? request.max_tokens,
      temperature: request.temperature,
      topP: request.top_p,
      topK: request.top_k,
      stop: request.stop,
      seed: request.seed,
      presencePenalty: request.presence_penalty,
      frequencyPenalty: request.frequency_penalty,
      user: request.safety_identifier ?? request.user,
    }),
    unknown: findUnknown(body),
  }
}
