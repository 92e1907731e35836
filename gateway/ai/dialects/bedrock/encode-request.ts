import type { ChatRequest } from '../../chat/request.ts'
import { hasDetail } from '../../chat/user-part.ts'
import type { ModelTraits, ProviderRequest } from '../../dialect.ts'
import { JSON_INSTRUCTION } from '../claude/json-instruction.ts'
import { encodeInference } from './encode-inference.ts'
import { encodeMessages } from './encode-messages.ts'
import { encodeOutput } from './encode-output.ts'
import { encodeTools } from './encode-tools.ts'

/** Hints that Bedrock has no words for. */
const HINTS = [
  ['seed', 'seed'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['user', 'user'],
] as const

const toIgnored = (request: ChatRequest): readonly string[] => [
  ...HINTS.filter(([member]) => request[member] !== undefined).map(([, name]) => name),
  ...(request.parallelToolCalls === false ? ['parallel_tool_calls'] : []),
  ...(hasDetail(request) ? ['detail'] : []),
  ...request.unknown,
]

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 *
 * @throws RequestFault when the provider has no words for something that cannot be left out
 */
export const encodeRequest = (
  request: ChatRequest,
  model: ModelTraits,
  verb: 'converse' | 'converse-stream',
): ProviderRequest => {
  const conversation = encodeMessages(request.messages)
  const system = [
    ...conversation.system,
    ...(request.output?.type === 'json' ? [{ text: JSON_INSTRUCTION }] : []),
  ]
  const inference = encodeInference(request, model)
  return {
    // The name of a model may be an ARN, with slashes; it is one segment all the same.
    path: `/model/${encodeURIComponent(model.model)}/${verb}`,
    headers: [],
    body: {
      ...(system.length > 0 && { system }),
      messages: conversation.messages,
      ...inference.fields,
      ...encodeTools(request),
      ...encodeOutput(request.output),
    },
    ignored: [...inference.ignored, ...toIgnored(request)],
  }
}
