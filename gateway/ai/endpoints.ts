import { randomUUID } from 'node:crypto'
import type { BuiltIn } from '../link/built-in.ts'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import { abandonBody } from '../proxy/connection-end.ts'
import type { LocalRequest } from '../proxy/local-request.ts'
import type { ParsedRequest } from '../proxy/parsed-request.ts'
import type { RouteEntry } from '../router/candidate.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import { answerJson, answerProblem } from './answer.ts'
import { readCallBody } from './call-body.ts'
import { type Operation, readCall, toBody } from './dialects/openai/call.ts'
import { findModel, listModels } from './find-model.ts'
import { ModelExchange } from './model-exchange.ts'

const BEARER = /^bearer +(\S+)$/i

/** The consumer whose key the request shows, as clients of OpenAI or of Anthropic show theirs. */
const authenticate = ({ consumers }: AiContext, parsed: ParsedRequest): Consumer | undefined => {
  const bearer = BEARER.exec(parsed.header('authorization') ?? '')?.[1]
  const key = bearer ?? parsed.header('x-api-key')
  return key === undefined ? undefined : consumers.find(key)
}

const invalidKey = () =>
  new AiProblem('invalid_api_key', 'No valid API key: send one as Authorization: Bearer KEY.')

const modelNotFound = (name: string) =>
  new AiProblem('model_not_found', `The model '${name.slice(0, 256)}' does not exist.`, {
    param: 'model',
  })

interface CallOptions {
  readonly operation: Operation
  /** Of the provider, below its base path. */
  readonly path: string
}

/** Starts the call that a body asks for. @returns why not. */
const startCall = (
  context: AiContext,
  { res }: LocalRequest,
  { operation, path }: CallOptions,
  { body, consumer }: { body: Buffer; consumer: Consumer },
): AiProblem | undefined => {
  const call = readCall(body, operation)
  if (call instanceof AiProblem) return call
  const model = findModel(context, consumer, call.model)
  if (!model) return modelNotFound(call.model)
  const { spec } = model.fragment
  const { maxTokens = Number.POSITIVE_INFINITY } = spec
  if ((call.maxTokens ?? 0) > maxTokens) {
    const message = `At most ${maxTokens} output tokens may be asked for.`
    return new AiProblem('invalid_value', message, { param: 'max_tokens' })
  }
  const { isStream, wantsUsage, choices } = call
  const toSend = { model, path, body: toBody(call, spec), isStream, wantsUsage, choices }
  const requestId = randomUUID()
  new ModelExchange(context, { requestId, consumer, operation, ...toSend }, res).start()
  return undefined
}

/** What nobody thought of must not end the process, and with it the calls of others. */
const attempt = ({ log }: AiContext, work: () => AiProblem | undefined): AiProblem | undefined => {
  try {
    return work()
  } catch (error) {
    log.error({ err: error }, 'call not started')
    return new AiProblem('internal_error', 'The gateway failed.')
  }
}

const createCallEndpoint =
  (context: AiContext, options: CallOptions): BuiltIn['serve'] =>
  (request) => {
    const { incoming, parsed, res } = request
    const consumer = authenticate(context, parsed)
    if (!consumer) {
      answerProblem(res, invalidKey(), parsed.hasBody ? incoming : undefined)
      return
    }
    readCallBody(context, request, (body) => {
      const problem =
        body instanceof AiProblem
          ? body
          : attempt(context, () => startCall(context, request, options, { body, consumer }))
      if (problem) answerProblem(res, problem, incoming.complete ? undefined : incoming)
    })
  }

const createListEndpoint =
  (context: AiContext): BuiltIn['serve'] =>
  ({ incoming, parsed, res }) => {
    const unread = parsed.hasBody ? incoming : undefined
    const consumer = authenticate(context, parsed)
    if (!consumer) {
      answerProblem(res, invalidKey(), unread)
      return
    }
    const data = listModels(context, consumer).map(({ id, model }) => ({
      id,
      object: 'model',
      created: Math.floor(Date.parse(model.fragment.createdAt) / 1000),
      owned_by: model.fragment.namespace,
    }))
    if (unread) abandonBody(unread, res)
    answerJson(res, 200, JSON.stringify({ object: 'list', data }))
  }

const toEntry = (method: string, path: string, serve: BuiltIn['serve']): RouteEntry<BuiltIn> => ({
  key: `BuiltIn/${method} ${path}`,
  namespace: '',
  name: path,
  // None: of two equal matches, a user's route wins.
  createdAt: '',
  hostnames: [],
  matches: [{ path: { type: 'Exact', value: path }, method, headers: [], queryParams: [] }],
  value: { serve },
})

/** The AI endpoints, to be found among the routes; on every host, unless a route says otherwise. */
export const createAiEndpoints = (context: AiContext): RouteEntry<BuiltIn>[] => {
  const chat = { operation: 'chat', path: '/chat/completions' } as const
  const embeddings = { operation: 'embeddings', path: '/embeddings' } as const
  return [
    toEntry('POST', '/v1/chat/completions', createCallEndpoint(context, chat)),
    toEntry('POST', '/v1/embeddings', createCallEndpoint(context, embeddings)),
    toEntry('GET', '/v1/models', createListEndpoint(context)),
  ]
}
