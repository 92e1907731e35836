import type { ChatRequest } from '../../chat/request.ts'
import type { EncodedReasoning } from './encode-reasoning.ts'

/** How a model chooses its words. */
export type Sampling = Pick<ChatRequest, 'temperature' | 'topP' | 'topK'>

/**
 * Those of Anthropic's models that let themselves be told; Opus 4.7 and all that came later do not.
 * https://platform.claude.com/docs/en/about-claude/models/migration-guide
 */
const SAMPLED =
  /claude-(?:v\d|instant|[23](?!\d)|(?:opus|sonnet|haiku)-4(?:-[0-6](?!\d)|-20\d{6}|@|$))/

const NAMES = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
] as const

/** What a model is told, and what it is not told. */
export interface EncodedSampling {
  readonly sampling: Sampling
  readonly ignored: readonly string[]
}

const isThinking = ({ thinking }: EncodedReasoning): boolean =>
  thinking !== undefined && thinking.type !== 'disabled'

const isTaken = (name: keyof Sampling, { temperature }: Sampling, model: string): boolean => {
  // Another maker's, or a deployment under a name of its own.
  if (!model.includes('claude-')) return true
  // Since Opus 4.1, the two of them exclude each other.
  return SAMPLED.test(model) && (name !== 'topP' || temperature === undefined)
}

/**
 * Says how the model shall choose its words; thoughts and a temperature exclude each other.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility
 */
export const encodeSampling = (
  asked: Sampling,
  model: string,
  reasoning: EncodedReasoning,
): EncodedSampling => {
  const given = NAMES.filter(([name]) => asked[name] !== undefined)
  const said = isThinking(reasoning) ? [] : given.filter(([name]) => isTaken(name, asked, model))
  return {
    sampling: Object.fromEntries(said.map(([name]) => [name, asked[name]])),
    ignored: given.filter((each) => !said.includes(each)).map(([, field]) => field),
  }
}
