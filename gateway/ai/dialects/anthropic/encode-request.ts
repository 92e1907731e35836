import type { ChatRequest } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type { ModelTraits, ProviderRequest } from '../../dialect.ts'
import { encodeMessages, encodeSystem } from './encode-messages.ts'
import { type EncodedReasoning, encodeReasoning } from './encode-reasoning.ts'
import { encodeTools } from './encode-tools.ts'
import { toOutputSchema } from './output-schema.ts'

/** The provider demands a limit; every model of it can say as much. */
const DEFAULT_MAX_TOKENS = 4096

const HEADERS = ['anthropic-version', '2023-06-01']

/**
 * There is no mode for JSON without a schema. To ask for it is what the provider advises.
 * https://platform.claude.com/docs/en/test-and-evaluate/strengthen-guardrails/increase-consistency
 */
const JSON_ONLY = {
  type: 'text',
  text: 'Answer with one JSON object and nothing else: no words around it, no code fence.',
}

const encodeFormat = ({ output }: ChatRequest): object | undefined => {
  if (output?.type !== 'schema') return undefined
  const { description, schema } = output
  const described = description === undefined ? schema : { description, ...schema }
  return { type: 'json_schema', schema: toOutputSchema(described, 'response_format') }
}

const encodeOutput = (request: ChatRequest, { effort }: EncodedReasoning): object => {
  const format = encodeFormat(request)
  if (!(format || effort)) return {}
  return { output_config: { ...(effort && { effort }), ...(format && { format }) } }
}

/** What the model is to go by; counting its tokens needs no more. */
const encodeInput = (request: ChatRequest, model: string, reasoning: EncodedReasoning): object => {
  const system = encodeSystem(request.messages)
  if (request.output?.type === 'json') system.push(JSON_ONLY)
  return {
    model,
    ...(system.length > 0 && { system }),
    messages: encodeMessages(request.messages),
    ...encodeTools(request),
    ...(reasoning.thinking && { thinking: reasoning.thinking }),
    ...encodeOutput(request, reasoning),
  }
}

/** Blank ones are refused, and without them the answer would be another one. */
const encodeStop = (stop: readonly string[] = []): object => {
  if (stop.some((sequence) => sequence.trim() === '')) {
    const message = 'The provider of this model takes no stop sequence that is only space.'
    throw new RequestFault('stop', message)
  }
  return stop.length > 0 ? { stop_sequences: stop } : {}
}

const encodeParameters = ({ temperature, topP, topK, stop, user }: ChatRequest): object => ({
  ...(temperature !== undefined && { temperature }),
  ...(topP !== undefined && { top_p: topP }),
  ...(topK !== undefined && { top_k: topK }),
  ...encodeStop(stop),
  ...(user !== undefined && { metadata: { user_id: user } }),
})

const hasDetail = ({ messages }: ChatRequest): boolean =>
  messages.some(
    (message) =>
      message.role === 'user' &&
      message.parts.some((part) => part.type === 'image' && part.detail !== undefined),
  )

const toIgnored = (request: ChatRequest, { ignored }: EncodedReasoning): string[] => [
  ...(request.seed === undefined ? [] : ['seed']),
  ...(request.presencePenalty === undefined ? [] : ['presence_penalty']),
  ...(request.frequencyPenalty === undefined ? [] : ['frequency_penalty']),
  ...(hasDetail(request) ? ['detail'] : []),
  ...ignored,
  ...request.unknown,
]

/** https://platform.claude.com/docs/en/api/messages/create */
export const encodeRequest = (
  request: ChatRequest,
  { model, maxTokens: limit }: ModelTraits,
  isStream: boolean,
): ProviderRequest => {
  const maxTokens = request.maxTokens ?? limit ?? DEFAULT_MAX_TOKENS
  const reasoning = encodeReasoning(request, model, maxTokens)
  const body = {
    ...encodeInput(request, model, reasoning),
    max_tokens: maxTokens,
    ...encodeParameters(request),
    ...(isStream && { stream: true }),
  }
  const ignored = toIgnored(request, reasoning)
  return { path: '/v1/messages', headers: HEADERS, body, ignored }
}

/** https://platform.claude.com/docs/en/api/messages/count_tokens */
export const encodeCount = (
  request: ChatRequest,
  { model, maxTokens }: ModelTraits,
): ProviderRequest => {
  const limit = request.maxTokens ?? maxTokens ?? DEFAULT_MAX_TOKENS
  const reasoning = encodeReasoning(request, model, limit)
  return {
    path: '/v1/messages/count_tokens',
    headers: HEADERS,
    body: encodeInput(request, model, reasoning),
    ignored: toIgnored(request, reasoning),
  }
}
