import { toPresent } from '../../chat/present.ts'
import type { ChatRequest, OutputFormat, Tool, ToolChoice } from '../../chat/request.ts'
import type { ModelTraits, ProviderRequest } from '../../dialect.ts'
import { encodeMessage } from './encode-messages.ts'

const toTool = ({ name, description, parameters, strict }: Tool): object => ({
  type: 'function',
  function: { name, ...toPresent({ description }), parameters, ...toPresent({ strict }) },
})

const toToolChoice = (choice: ToolChoice): string | object =>
  choice.type === 'tool' ? { type: 'function', function: { name: choice.name } } : choice.type

/** Of the fields about tools, none is allowed where there are no tools. */
const toToolFields = ({ tools, toolChoice, parallelToolCalls }: ChatRequest): object =>
  tools.length === 0
    ? {}
    : {
        tools: tools.map(toTool),
        ...toPresent({
          tool_choice: toolChoice && toToolChoice(toolChoice),
          parallel_tool_calls: parallelToolCalls,
        }),
      }

const toResponseFormat = (output: OutputFormat): object => {
  if (output.type === 'json') return { type: 'json_object' }
  const { name, description, schema, strict } = output
  return {
    type: 'json_schema',
    json_schema: { name, ...toPresent({ description }), schema, ...toPresent({ strict }) },
  }
}

const toIgnored = (request: ChatRequest): string[] => {
  const hasErrors = request.messages.some(
    (message) => message.role === 'tool' && message.results.some(({ isError }) => isError),
  )
  return [
    ...(request.topK === undefined ? [] : ['top_k']),
    ...(request.reasoning?.budgetTokens === undefined ? [] : ['budget_tokens']),
    ...(hasErrors ? ['is_error'] : []),
    ...request.unknown,
  ]
}

const toRequest = (request: ChatRequest, model: ModelTraits, stream: object): ProviderRequest => {
  const { maxTokensField = 'max_completion_tokens' } = model
  return {
    path: '/chat/completions',
    headers: [],
    body: {
      model: model.model,
      messages: request.messages.flatMap(encodeMessage),
      ...toToolFields(request),
      ...toPresent({
        response_format: request.output && toResponseFormat(request.output),
        reasoning_effort: request.reasoning?.effort,
        [maxTokensField]: request.maxTokens ?? model.maxTokens,
        temperature: request.temperature,
        top_p: request.topP,
        stop: request.stop?.length ? request.stop : undefined,
        seed: request.seed,
        presence_penalty: request.presencePenalty,
        frequency_penalty: request.frequencyPenalty,
        user: request.user,
      }),
      ...stream,
    },
    ignored: toIgnored(request),
  }
}

/** Writes a request: https://platform.openai.com/docs/api-reference/chat/create */
export const encodeRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest =>
  toRequest(request, model, {})

/** Writes a request whose answer shall be streamed, with its usage if the provider tells that. */
export const encodeStreamRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest =>
  toRequest(request, model, {
    stream: true,
    ...(model.hasStreamOptions && { stream_options: { include_usage: true } }),
  })
