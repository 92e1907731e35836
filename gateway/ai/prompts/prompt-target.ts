import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import type { LinkedPrompt } from '../../link/linked-prompt.ts'
import type { AiContext } from '../ai-context.ts'
import { AiProblem } from '../ai-problem.ts'
import { findNamed } from '../find-named.ts'
import type { Target } from '../target.ts'
import { createPromptGate } from './prompt-gate.ts'

const NO_MODEL = 'The model of this prompt does not exist.'

const noModel = (): Target => ({
  label: '',
  retry: { attempts: 0, backoffMs: 0 },
  requestMs: 0,
  choose: () => new AiProblem('model_not_found', NO_MODEL),
})

/** A version of a prompt in place of a model. */
export const toPromptTarget = (
  context: AiContext,
  prompt: LinkedPrompt,
  version: CompiledPromptVersion,
  { isEndpoint = false } = {},
): Target => {
  const { namespace, name: promptName, spec } = prompt.fragment
  const [name = '', modelVersion] = version.model.split('@')
  const namespaces = [...new Set([namespace, context.sharedNamespace])]
  const target = findNamed(context, namespaces, { name, version: modelVersion }) ?? noModel()
  return {
    ...target,
    label: `prompt/${namespace}/${promptName}@${version.name}`,
    gates: [createPromptGate(version, spec.variables, { isEndpoint }), ...(target.gates ?? [])],
  }
}
