import type { BuiltIn } from '../../link/built-in.ts'
import type { LinkedPrompt } from '../../link/linked-prompt.ts'
import type { PromptEndpoint } from '../../link/prompt-table.ts'
import { abandonBody } from '../../proxy/connection-end.ts'
import type { AiContext } from '../ai-context.ts'
import { AiProblem } from '../ai-problem.ts'
import { answerJson, answerProblem } from '../answer.ts'
import { authenticate } from '../authenticate.ts'
import { openAiCaller } from '../dialects/openai/caller-dialect.ts'
import { isFor } from '../find-target.ts'
import { serveCall } from '../serve-call.ts'
import { chooseVersion } from './choose-version.ts'
import { toOpenApi } from './open-api.ts'
import { toPromptSurface } from './prompt-surface.ts'
import { toPromptTarget } from './prompt-target.ts'

const createCall =
  (context: AiContext, prompt: LinkedPrompt): BuiltIn['serve'] =>
  (request) => {
    const { namespace, name, spec } = prompt.fragment
    const version = chooseVersion(spec, undefined, context.choice.random())
    // The compile function sees to it that one has a share.
    if (!version) throw new Error(`prompt ${name} has no version`)
    const surface = toPromptSurface(prompt, version)
    serveCall(context, surface, (consumer) =>
      isFor(context, consumer, namespace)
        ? toPromptTarget(context, prompt, version, { isEndpoint: true })
        : undefined,
    )(request)
  }

const createDescribe = (context: AiContext, { fragment }: LinkedPrompt): BuiltIn['serve'] => {
  const description = JSON.stringify(toOpenApi(fragment))
  return ({ incoming, parsed, res }) => {
    const unread = parsed.hasBody ? incoming : undefined
    const consumer = authenticate(context, parsed)
    const problem =
      consumer instanceof AiProblem || isFor(context, consumer, fragment.namespace)
        ? consumer
        : new AiProblem('model_not_found', 'This prompt does not exist.')
    if (problem instanceof AiProblem) answerProblem(res, openAiCaller, problem, { unread })
    else {
      if (unread) abandonBody(unread, res)
      answerJson(res, 200, description)
    }
  }
}

/** Serves a prompt to those who may name it; to others it does not exist. */
export const createPromptEndpoint = (context: AiContext, prompt: LinkedPrompt): PromptEndpoint => ({
  call: createCall(context, prompt),
  describe: createDescribe(context, prompt),
})
