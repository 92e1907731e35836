import type { BuiltIn } from '../../link/built-in.ts'
import type { LinkedPrompt } from '../../link/linked-prompt.ts'
import type { AiContext } from '../ai-context.ts'
import { isFor } from '../find-target.ts'
import { serveCall } from '../serve-call.ts'
import { chooseVersion } from './choose-version.ts'
import { toPromptSurface } from './prompt-surface.ts'
import { toPromptTarget } from './prompt-target.ts'

/** Serves a prompt to those who may name it; to others it does not exist. */
export const createPromptEndpoint =
  (context: AiContext, prompt: LinkedPrompt): BuiltIn['serve'] =>
  (request) => {
    const { namespace, spec } = prompt.fragment
    const version = chooseVersion(spec, undefined, context.choice.random())
    // A prompt always has a version that answers: the compile function sees to it.
    if (!version) throw new Error(`prompt ${prompt.fragment.name} has no version`)
    const surface = toPromptSurface(prompt, version)
    serveCall(context, surface, (consumer) =>
      isFor(context, consumer, namespace) ? toPromptTarget(context, prompt, version) : undefined,
    )(request)
  }
