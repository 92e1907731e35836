import { readListedErrorMessage } from '../../chat/error-message.ts'
import type { ProviderDialect } from '../../dialect.ts'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { embeddingsCodec } from './embeddings.ts'
import { encodeRequest, encodeStreamRequest } from './encode-request.ts'

/** Chat completions, as OpenAI and many others serve them. */
export const openAiProvider: ProviderDialect = {
  chat: {
    encode: encodeRequest,
    encodeStream: encodeStreamRequest,
    decode: decodeAnswer,
    streamType: 'text/event-stream',
    createStreamDecoder,
  },
  embeddings: embeddingsCodec,
  readErrorMessage: readListedErrorMessage,
}
