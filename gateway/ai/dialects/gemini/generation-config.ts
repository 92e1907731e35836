import type { ChatRequest, OutputFormat } from '../../chat/request.ts'
import type { ModelTraits } from '../../dialect.ts'
import { encodeThinking } from './thinking.ts'

const encodeOutput = (output: OutputFormat | undefined) =>
  output && {
    responseMimeType: 'application/json',
    // Plain JSON schema; `responseSchema` would be a subset of OpenAPI's.
    responseJsonSchema: output.type === 'schema' ? output.schema : undefined,
  }

/** https://ai.google.dev/api/generate-content#generationconfig */
export const encodeGenerationConfig = (request: ChatRequest, model: ModelTraits) => {
  const config = {
    maxOutputTokens: request.maxTokens ?? model.maxTokens,
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    stopSequences: request.stop,
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    ...encodeOutput(request.output),
    thinkingConfig: encodeThinking(request.reasoning, model.model),
  }
  return Object.values(config).some((value) => value !== undefined) ? config : undefined
}
