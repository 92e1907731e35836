import type { ChatRequest } from '../../chat/request.ts'
import { encodeReasoning } from '../anthropic/encode-reasoning.ts'

type Sampling = Pick<ChatRequest, 'temperature' | 'topP' | 'topK'>

/** Whether a model is one of Anthropic's, which take fields of their own. */
export const isClaude = (model: string): boolean => model.includes('anthropic.')

/** Those that take a temperature and its like; Opus 4.7 and all that came later do not. */
const SAMPLED = /claude-(?:v\d|instant|3-|(?:opus|sonnet|haiku)-4-(?:[0-6](?!\d)|20\d{6}))/

/** The fewest tokens that one that thinks can write; Bedrock lets it write all that it can. */
const MAX_TOKENS = 32_000

/** What a model of Anthropic is told in its own words, and what it is not told. */
export interface ClaudeFields {
  readonly sampling: Sampling
  readonly fields: object
  readonly ignored: readonly string[]
}

const toSampling = (asked: Sampling, model: string, isThinking: boolean): Sampling => {
  // Thoughts and a temperature exclude each other.
  if (isThinking || !SAMPLED.test(model)) return {}
  const { topP, ...rest } = asked
  // So do the two of them, since Claude 4.5.
  return topP !== undefined && asked.temperature === undefined ? asked : rest
}

/**
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html
 */
export const encodeClaudeFields = (
  request: ChatRequest,
  model: string,
  maxTokens: number | undefined,
): ClaudeFields => {
  const { temperature, topP, topK, reasoning } = request
  const { thinking, effort, ignored } = encodeReasoning(request, model, maxTokens ?? MAX_TOKENS)
  const asked = {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
  }
  const isOff = reasoning?.effort === 'none' || reasoning?.budgetTokens === 0
  const sampling = toSampling(asked, model, thinking !== undefined && !isOff)
  return {
    sampling,
    fields: {
      ...(sampling.topK !== undefined && { top_k: sampling.topK }),
      ...(thinking && { thinking }),
      ...(effort !== undefined && { output_config: { effort } }),
    },
    ignored,
  }
}
