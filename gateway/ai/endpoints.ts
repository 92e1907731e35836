import type { BuiltIn } from '../link/built-in.ts'
import { abandonBody } from '../proxy/connection-end.ts'
import type { RouteEntry } from '../router/candidate.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import { answerJson, answerProblem } from './answer.ts'
import { authenticate } from './authenticate.ts'
import { openAiCaller } from './dialects/openai/caller-dialect.ts'
import { findTarget, listTargets } from './find-target.ts'
import { serveCall } from './serve-call.ts'
import type { Surface } from './surface.ts'
import { surfaces } from './surfaces.ts'

const createCallEndpoint = (context: AiContext, surface: Surface): BuiltIn['serve'] =>
  serveCall(context, surface, (consumer, { model }) => findTarget(context, consumer, model))

const createListEndpoint =
  (context: AiContext): BuiltIn['serve'] =>
  ({ incoming, parsed, res }) => {
    const unread = parsed.hasBody ? incoming : undefined
    const consumer = authenticate(context, parsed)
    if (consumer instanceof AiProblem) {
      answerProblem(res, openAiCaller, consumer, { unread })
      return
    }
    const data = listTargets(context, consumer).map(({ id, named: { fragment } }) => ({
      id,
      object: 'model',
      created: Math.floor(Date.parse(fragment.createdAt) / 1000),
      owned_by: fragment.namespace,
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
export const createAiEndpoints = (context: AiContext): RouteEntry<BuiltIn>[] => [
  ...surfaces.map((surface) => toEntry('POST', surface.path, createCallEndpoint(context, surface))),
  toEntry('GET', '/v1/models', createListEndpoint(context)),
]
