import type { ChatRequest } from '../../chat/request.ts'
import type { ModelTraits, ProviderRequest } from '../../dialect.ts'
import { listIgnored } from './ignored.ts'
import { encodeMessages } from './messages.ts'
import { encodeOutputFormat } from './output-format.ts'
import { encodeParameters } from './parameters.ts'
import { encodeTools } from './tools.ts'

const encode = (request: ChatRequest, model: ModelTraits, stream: boolean): ProviderRequest => ({
  path: '/v2/chat',
  headers: [],
  body: {
    model: model.model,
    stream,
    messages: encodeMessages(request.messages),
    ...encodeTools(request),
    response_format: encodeOutputFormat(request.output),
    ...encodeParameters(request, model),
  },
  ignored: listIgnored(request),
})

/** Asks for an answer as a whole: https://docs.cohere.com/reference/chat */
export const encodeRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest =>
  encode(request, model, false)

/** Asks for a stream: https://docs.cohere.com/reference/chat-stream */
export const encodeStreamRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest =>
  encode(request, model, true)
