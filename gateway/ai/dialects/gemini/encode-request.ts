import type { ChatRequest } from '../../chat/request.ts'
import type { ModelTraits, ProviderRequest } from '../../dialect.ts'
import { encodeContents, encodeInstructions } from './contents.ts'
import { isGemini3OrLater } from './generation.ts'
import { encodeGenerationConfig } from './generation-config.ts'
import { listIgnored } from './ignored.ts'
import { toPath, toResourceName } from './path.ts'
import { encodeTools } from './tools.ts'

/** https://ai.google.dev/api/generate-content#request-body */
const encodeBody = (request: ChatRequest, model: ModelTraits) => ({
  systemInstruction: encodeInstructions(request.messages),
  contents: encodeContents(request.messages, isGemini3OrLater(model.model)),
  ...encodeTools(request),
  generationConfig: encodeGenerationConfig(request, model),
})

/** Asks for an answer as a whole. */
export const encodeRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest => ({
  path: toPath(model.model, 'generateContent'),
  headers: [],
  body: encodeBody(request, model),
  ignored: listIgnored(request, model.model),
})

/** Asks for a stream; without `alt` that would be a list that is never valid until its end. */
export const encodeStreamRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest => ({
  ...encodeRequest(request, model),
  path: `${toPath(model.model, 'streamGenerateContent')}?alt=sse`,
})

/** Asks how many tokens a request has: https://ai.google.dev/api/tokens */
export const encodeCountRequest = (request: ChatRequest, model: ModelTraits): ProviderRequest => ({
  ...encodeRequest(request, model),
  path: toPath(model.model, 'countTokens'),
  body: {
    generateContentRequest: {
      model: toResourceName(model.model),
      ...encodeBody(request, model),
    },
  },
})
