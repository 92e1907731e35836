import { readListedErrorMessage } from '../../chat/error-message.ts'
import type { ProviderDialect } from '../../dialect.ts'
import { decodeCount } from './count-tokens.ts'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { embeddingsCodec } from './embeddings.ts'
import { encodeCountRequest, encodeRequest, encodeStreamRequest } from './encode-request.ts'

/** The Gemini API: https://ai.google.dev/api */
export const geminiProvider: ProviderDialect = {
  chat: {
    encode: encodeRequest,
    encodeStream: encodeStreamRequest,
    decode: decodeAnswer,
    streamType: 'text/event-stream',
    createStreamDecoder,
  },
  embeddings: embeddingsCodec,
  countTokens: { encode: encodeCountRequest, decode: decodeCount },
  readErrorMessage: readListedErrorMessage,
}
