import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import type { LinkedPrompt } from '../../link/linked-prompt.ts'
import { AiProblem } from '../ai-problem.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import { openAiCaller } from '../dialects/openai/caller-dialect.ts'
import type { Surface } from '../surface.ts'

const toText = ({ parts }: ChatAnswer): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

const parse = (body: Buffer): unknown => {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString())
  } catch {
    return new AiProblem('invalid_json', 'The body is not valid JSON.')
  }
}

/**
 * The endpoint of a prompt: its body is the values of the variables, and its answer what the schema
 * of the version describes, or a text. Errors are as those of OpenAI.
 */
export const toPromptSurface = (
  { fragment }: LinkedPrompt,
  version: CompiledPromptVersion,
): Surface => ({
  path: fragment.spec.expose?.path ?? '',
  operation: 'chat',
  caller: {
    ...openAiCaller,
    encodeAnswer(answer) {
      const text = toText(answer)
      return version.output ? JSON.parse(text) : { text }
    },
  },
  read(body) {
    const variables = parse(body)
    if (variables instanceof AiProblem) return variables
    return {
      model: `prompt/${fragment.name}`,
      isStream: false,
      wantsUsage: false,
      maxTokens: undefined,
      values: { variables },
      toNative: () => undefined,
    }
  },
})
