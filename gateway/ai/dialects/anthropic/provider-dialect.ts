import { z } from 'zod'
import { readErrorMessage } from '../../chat/error-message.ts'
import type { ProviderDialect } from '../../dialect.ts'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { encodeCount, encodeRequest } from './encode-request.ts'

const tokenCount = z.object({ input_tokens: z.int().min(0) })

/** Anthropic's messages, and whatever server speaks as it does. */
export const anthropicProvider: ProviderDialect = {
  chat: {
    encode: (request, model) => encodeRequest(request, model, false),
    decode: decodeAnswer,
    encodeStream: (request, model) => encodeRequest(request, model, true),
    streamType: 'text/event-stream',
    createStreamDecoder,
  },
  countTokens: {
    encode: encodeCount,
    decode: (json) => tokenCount.parse(json).input_tokens,
  },
  readErrorMessage,
}
