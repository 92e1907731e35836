import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { AiProblem } from './ai-problem.ts'
import type { Call } from './call.ts'
import type { ChatAnswer } from './chat/answer.ts'
import { toEvents } from './chat/answer-events.ts'
import { RequestFault } from './chat/request-fault.ts'
import type { AnswerMeta, Codec, ProviderDialect, ProviderRequest } from './dialect.ts'
import type { PreparedCall, ReadAnswer } from './prepared-call.ts'
import { providerDialects } from './provider-dialects.ts'
import { TranslatedStream } from './translated-stream.ts'

const NOT_SUPPORTED = 'The provider of this model does not offer this operation.'

const unsupported = (): never => {
  throw new RequestFault('model', NOT_SUPPORTED)
}

const toMeta = ({ requestId, read }: Call): AnswerMeta => ({
  requestId,
  model: read.model,
  createdAt: Math.floor(Date.now() / 1000),
})

/** Reads an answer with what knows its dialect. @returns undefined when it is none */
const readWith = (body: Buffer, read: (json: unknown) => ReadAnswer): ReadAnswer | undefined => {
  try {
    return read(JSON.parse(body.toString()))
  } catch {
    return undefined
  }
}

type Written = Pick<PreparedCall, 'streamType' | 'createStream' | 'readWhole'>

/** What each operation is made of: a request, and a way to read what comes back. */
interface Translation {
  readonly request: ProviderRequest
  readonly written: Written
}

const noStream = {
  streamType: 'text/event-stream',
  createStream: (): never => unsupported(),
}

const translateChat = (
  call: Call,
  { chat }: ProviderDialect,
  model: CompiledModel,
): Translation => {
  const { surface, read, request } = call
  const { caller } = surface
  const encode = call.isStreamed ? chat.encodeStream : chat.encode
  return {
    request: encode(request, model),
    written: {
      streamType: chat.streamType,
      createStream: () =>
        new TranslatedStream(
          chat.createStreamDecoder(),
          caller.createStreamEncoder(toMeta(call), read.wantsUsage),
          call.gates?.createFilter(),
        ),
      readWhole: (body) =>
        readWith(body, (json) => {
          const answer = chat.decode(json)
          // With gates too, which may change it: what cannot be told is no answer.
          const body = JSON.stringify(caller.encodeAnswer(answer, toMeta(call)))
          return { body, answer, usage: answer.usage, isFailure: false }
        }),
    },
  }
}

/** An answer that is whole, as its caller wants it: as JSON, or as the events of a stream. */
export const encodeReply = (
  call: Call,
  answer: ChatAnswer,
): { readonly body: string; readonly events?: string } => {
  const { caller } = call.surface
  const { isStream, wantsUsage } = call.read
  if (!isStream) return { body: JSON.stringify(caller.encodeAnswer(answer, toMeta(call))) }
  const encoder = caller.createStreamEncoder(toMeta(call), wantsUsage)
  const text = toEvents(answer)
    .map((event) => encoder.push(event))
    .join('')
  return { body: '', events: Buffer.from(text).toString('latin1') }
}

const translateEmbeddings = (
  call: Call,
  { embeddings }: ProviderDialect,
  model: CompiledModel,
): Translation => {
  const { surface, read } = call
  const codec = embeddings ?? unsupported()
  const caller = surface.embeddings ?? unsupported()
  const request = caller.decodeRequest(call.values)
  return {
    request: codec.encode(request, model),
    written: {
      ...noStream,
      readWhole: (body) =>
        readWith(body, (json) => {
          const answer = codec.decode(json)
          if (answer.vectors.length !== request.input.length) throw new Error('vectors are missing')
          const text = JSON.stringify(caller.encodeAnswer(answer, read.values, model.model))
          return { body: text, usage: answer.usage, isFailure: false }
        }),
    },
  }
}

const translateCount = (
  call: Call,
  { countTokens }: ProviderDialect,
  model: CompiledModel,
): Translation => {
  const codec: Codec<Call['request'], number> = countTokens ?? unsupported()
  return {
    request: codec.encode(call.request, model),
    written: {
      ...noStream,
      readWhole: (body) =>
        readWith(body, (json) => {
          const text = JSON.stringify({ input_tokens: codec.decode(json) })
          return { body: text, usage: undefined, isFailure: false }
        }),
    },
  }
}

const TRANSLATIONS = {
  chat: translateChat,
  embeddings: translateEmbeddings,
  countTokens: translateCount,
}

/** More is no message for people. */
const MAX_MESSAGE = 4096

/** @throws RequestFault when the model's provider has no words for what is asked */
export const translateCall = (call: Call, model: CompiledModel): PreparedCall => {
  const dialect = providerDialects[model.dialect]
  const { request, written } = TRANSLATIONS[call.surface.operation](call, dialect, model)
  return {
    ...written,
    path: request.path,
    headers: request.headers,
    body: Buffer.from(JSON.stringify(request.body)),
    ignored: request.ignored,
    isNative: false,
    toCallerError(_status, answer) {
      const told = dialect.readErrorMessage(answer)?.slice(0, MAX_MESSAGE)
      const message = told ?? 'The provider of this model refused the request.'
      return call.surface.caller.encodeProblem(new AiProblem('invalid_value', message))
    },
  }
}
