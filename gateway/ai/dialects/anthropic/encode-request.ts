import { toPresent } from '../../chat/present.ts'
import type { ChatRequest } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { hasDetail } from '../../chat/user-part.ts'
import type { ModelTraits, ProviderRequest } from '../../dialect.ts'
import { type EncodedReasoning, encodeReasoning } from '../claude/encode-reasoning.ts'
import { encodeSampling, type Sampling } from '../claude/encode-sampling.ts'
import { JSON_INSTRUCTION } from '../claude/json-instruction.ts'
import { toOutputSchema } from '../claude/output-schema.ts'
import { encodeMessages, encodeSystem } from './encode-messages.ts'
import { encodeTools } from './encode-tools.ts'

/** The provider demands a limit; every model of it can say as much. */
const DEFAULT_MAX_TOKENS = 4096

const HEADERS = ['anthropic-version', '2023-06-01']

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
  if (request.output?.type === 'json') system.push({ type: 'text', text: JSON_INSTRUCTION })
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

const encodeParameters = (
  { stop, user }: ChatRequest,
  { temperature, topP, topK }: Sampling,
): object => ({
  ...toPresent({ temperature, top_p: topP, top_k: topK }),
  ...encodeStop(stop),
  ...(user !== undefined && { metadata: { user_id: user } }),
})

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
  const { sampling, ignored } = encodeSampling(request, model, reasoning)
  return {
    path: '/v1/messages',
    headers: HEADERS,
    body: {
      ...encodeInput(request, model, reasoning),
      max_tokens: maxTokens,
      ...encodeParameters(request, sampling),
      ...(isStream && { stream: true }),
    },
    ignored: [...ignored, ...toIgnored(request, reasoning)],
  }
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
