import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import type { LinkedPrompt } from '../../link/linked-prompt.ts'
import { AiProblem } from '../ai-problem.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import { parseBody } from '../chat/parse-body.ts'
import { openAiCaller } from '../dialects/openai/caller-dialect.ts'
import type { Surface } from '../surface.ts'

const EMPTY = Buffer.from('{}')

const toText = ({ parts }: ChatAnswer): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('')

/** What was checked is JSON; before that it may be anything. */
const toValue = (text: string): object => {
  try {
    return JSON.parse(text)
  } catch {
    return { text }
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
      return version.output ? toValue(text) : { text }
    },
  },
  read(body) {
    const parsed = parseBody(body.length === 0 ? EMPTY : body)
    if (parsed instanceof AiProblem) return parsed
    return {
      model: `prompt/${fragment.name}`,
      isStream: false,
      wantsUsage: false,
      maxTokens: undefined,
      values: { variables: parsed.values },
      toNative: () => undefined,
    }
  },
})
