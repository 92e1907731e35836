import { randomUUID } from 'node:crypto'
import type { BuiltIn } from '../link/built-in.ts'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { LocalRequest } from '../proxy/local-request.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import { answerProblem } from './answer.ts'
import { authenticate } from './authenticate.ts'
import { Call } from './call.ts'
import { readCallBody } from './call-body.ts'
import { CallRun } from './call-run.ts'
import type { CallerCall, Surface } from './surface.ts'
import type { Target } from './target.ts'

/** @returns undefined when there is no such target for this consumer */
export type FindTarget = (consumer: Consumer, call: CallerCall) => Target | undefined

const modelNotFound = (name: string) =>
  new AiProblem('model_not_found', `The model '${name.slice(0, 256)}' does not exist.`, {
    param: 'model',
  })

interface Start {
  readonly surface: Surface
  readonly find: FindTarget
  readonly consumer: Consumer
}

/** Starts the call that a body asks for. @returns why not. */
const startCall = (
  context: AiContext,
  { incoming, res }: LocalRequest,
  { surface, find, consumer }: Start,
  body: Buffer,
): AiProblem | undefined => {
  const { headers } = incoming
  const read = surface.read(body, headers)
  if (read instanceof AiProblem) return read
  const target = find(consumer, read)
  if (!target) return modelNotFound(read.model)
  const call = new Call({ requestId: randomUUID(), consumer, surface, read, headers })
  new CallRun(context, call, target, res).start()
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

/** An endpoint that calls a model: it knows the caller, reads the body, and finds what is meant. */
export const serveCall =
  (context: AiContext, surface: Surface, find: FindTarget): BuiltIn['serve'] =>
  (request) => {
    const { incoming, parsed, res } = request
    const consumer = authenticate(context, parsed)
    if (consumer instanceof AiProblem) {
      const unread = parsed.hasBody ? incoming : undefined
      answerProblem(res, surface.caller, consumer, { unread })
      return
    }
    readCallBody(context, request, (body) => {
      const problem =
        body instanceof AiProblem
          ? body
          : attempt(context, () => startCall(context, request, { surface, find, consumer }, body))
      const unread = incoming.complete ? undefined : incoming
      if (problem) answerProblem(res, surface.caller, problem, { unread })
    })
  }
