import type { IncomingHttpHeaders } from 'node:http'
import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { AiProblem } from './ai-problem.ts'
import { readMessagesAnswer } from './dialects/anthropic/answer.ts'
import { readMessagesCall, toMessagesBody } from './dialects/anthropic/call.ts'
import { anthropicCaller } from './dialects/anthropic/caller-dialect.ts'
import { toCallerError as toMessagesError } from './dialects/anthropic/provider-error.ts'
import { AnthropicStream } from './dialects/anthropic/stream.ts'
import { toVersionHeaders } from './dialects/anthropic/version-headers.ts'
import { readAnswer } from './dialects/openai/answer.ts'
import { type OpenAiCall, readCall, toBody } from './dialects/openai/call.ts'
import { openAiCaller } from './dialects/openai/caller-dialect.ts'
import { openAiEmbeddingsCaller } from './dialects/openai/embeddings-caller.ts'
import { toCallerError } from './dialects/openai/provider-error.ts'
import { OpenAiStream } from './dialects/openai/stream.ts'
import { readResponsesAnswer } from './dialects/responses/answer.ts'
import { readResponsesCall, toResponsesBody } from './dialects/responses/call.ts'
import { responsesCaller } from './dialects/responses/caller-dialect.ts'
import { ResponsesStream } from './dialects/responses/stream.ts'
import type { CallerCall, NativeCall, Surface } from './surface.ts'

const toOpenAiCall =
  (operation: OpenAiCall['operation'], path: string) =>
  (body: Buffer): CallerCall | AiProblem => {
    const call = readCall(body, operation)
    if (call instanceof AiProblem) return call
    const { model, isStream, wantsUsage, maxTokens, values, choices } = call
    const toNative = (spec: CompiledModel): NativeCall | undefined => {
      if (spec.dialect !== 'OpenAI') return undefined
      return {
        path,
        headers: [],
        body: toBody(call, spec),
        createStream: () => new OpenAiStream({ hidesUsage: !wantsUsage, choices }),
        readWhole: readAnswer,
        toCallerError,
      }
    }
    return { model, isStream, wantsUsage, maxTokens, choices, values, toNative }
  }

const chatCompletions: Surface = {
  path: '/v1/chat/completions',
  operation: 'chat',
  caller: openAiCaller,
  read: toOpenAiCall('chat', '/chat/completions'),
}

const embeddings: Surface = {
  path: '/v1/embeddings',
  operation: 'embeddings',
  caller: openAiCaller,
  embeddings: openAiEmbeddingsCaller,
  read: toOpenAiCall('embeddings', '/embeddings'),
}

const responses: Surface = {
  path: '/v1/responses',
  operation: 'chat',
  caller: responsesCaller,
  read(body) {
    const call = readResponsesCall(body)
    if (call instanceof AiProblem) return call
    const { model, isStream, maxTokens, values } = call
    const toNative = (spec: CompiledModel): NativeCall | undefined => {
      if (!spec.hasResponses) return undefined
      return {
        path: '/responses',
        headers: [],
        body: toResponsesBody(call, spec),
        createStream: () => new ResponsesStream(),
        readWhole: readResponsesAnswer,
        toCallerError,
      }
    }
    return { model, isStream, wantsUsage: true, maxTokens, values, toNative }
  },
}

const toMessagesCall =
  (path: string, { isCounted = false } = {}) =>
  (body: Buffer, headers: IncomingHttpHeaders): CallerCall | AiProblem => {
    const call = readMessagesCall(body)
    if (call instanceof AiProblem) return call
    const { model, isStream, maxTokens, values } = call
    const toNative = (spec: CompiledModel): NativeCall | undefined => {
      if (spec.dialect !== 'Anthropic') return undefined
      return {
        path,
        headers: toVersionHeaders(headers),
        // What limits an answer has no place where there is none.
        body: toMessagesBody(call, isCounted ? { ...spec, maxTokens: undefined } : spec),
        createStream: () => new AnthropicStream(),
        readWhole: readMessagesAnswer,
        toCallerError: toMessagesError,
      }
    }
    return {
      model,
      isStream: isStream && !isCounted,
      wantsUsage: true,
      maxTokens,
      values,
      toNative,
    }
  }

const messages: Surface = {
  path: '/v1/messages',
  operation: 'chat',
  caller: anthropicCaller,
  read: toMessagesCall('/v1/messages'),
}

const countTokens: Surface = {
  path: '/v1/messages/count_tokens',
  operation: 'countTokens',
  caller: anthropicCaller,
  read: toMessagesCall('/v1/messages/count_tokens', { isCounted: true }),
}

/** The AI endpoints that call a model. */
export const surfaces: readonly Surface[] = [
  chatCompletions,
  responses,
  messages,
  countTokens,
  embeddings,
]
