import { readErrorMessage } from '../../chat/error-message.ts'
import type { ProviderDialect } from '../../dialect.ts'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { encodeRequest } from './encode-request.ts'

/** The Converse API of Amazon Bedrock. */
export const bedrockProvider: ProviderDialect = {
  chat: {
    encode: (request, model) => encodeRequest(request, model, 'converse'),
    encodeStream: (request, model) => encodeRequest(request, model, 'converse-stream'),
    decode: decodeAnswer,
    streamType: 'application/vnd.amazon.eventstream',
    createStreamDecoder,
  },
  readErrorMessage,
}
