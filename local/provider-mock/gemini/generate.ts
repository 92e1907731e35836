import { defineChat, type Said } from '../define-chat.ts'
import { type StreamReply, toEvent } from '../dialect.ts'
import { ProviderError } from '../provider-error.ts'
import { countTokens, toPieces } from '../text.ts'
import { toErrorDocument } from './error.ts'
import { jsonArray, sse } from './framing.ts'
import { type GenerateRequest, generateRequest, toPrompt } from './request.ts'

/** A call is no reason of its own to Gemini. */
const FINISH = { stop: 'STOP', length: 'MAX_TOKENS', tool: 'STOP' } as const

const toUsage = ({ usage }: Said<GenerateRequest>, output = usage?.output ?? 0) =>
  usage && {
    promptTokenCount: usage.input,
    candidatesTokenCount: output,
    totalTokenCount: usage.input + output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.input }],
  }

/** A document, which is also what a chunk of a stream is. */
const toResponse = (
  said: Said<GenerateRequest>,
  part: object,
  end: { finishReason?: string; output?: number },
) => ({
  candidates: [
    { content: { parts: [part], role: 'model' }, finishReason: end.finishReason, index: 0 },
  ],
  usageMetadata: toUsage(said, end.output),
  modelVersion: said.model,
  responseId: said.seed,
})

const toPart = ({ text, call }: Said<GenerateRequest>) =>
  call ? { functionCall: { name: call.name, args: call.input } } : { text }

/** Every chunk has the usage so far; the last one is empty and says why it ends. */
const toStream = (said: Said<GenerateRequest>): StreamReply => {
  let sent = ''
  const pieces = toPieces(said.text).map((text) => {
    sent += text
    return toResponse(said, { text }, { output: countTokens(sent) })
  })
  const chunks = said.call ? [toResponse(said, toPart(said), {})] : pieces
  const last = toResponse(said, { text: '' }, { finishReason: FINISH[said.finish] })
  return {
    framing: said.query.get('alt') === 'sse' ? sse : jsonArray,
    events: [...chunks, last].map(toEvent),
    errorEvents: () => [toEvent(toErrorDocument(new ProviderError(503)))],
  }
}

const generate = (isStream: boolean) =>
  defineChat({
    schema: generateRequest,
    toPrompt,
    isStream: () => isStream,
    toDocument: (said) => toResponse(said, toPart(said), { finishReason: FINISH[said.finish] }),
    toStream,
  })

/** POST /v1beta/models/{model}:generateContent */
export const generateContent = generate(false)

/** POST /v1beta/models/{model}:streamGenerateContent: an array, or with `alt=sse` events. */
export const streamGenerateContent = generate(true)
