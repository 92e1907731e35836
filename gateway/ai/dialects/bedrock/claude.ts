import type { ChatRequest } from '../../chat/request.ts'
import { encodeReasoning } from '../claude/encode-reasoning.ts'
import { type EncodedSampling, encodeSampling } from '../claude/encode-sampling.ts'

/** Whether a model is one of Anthropic's, which take fields of their own. */
export const isClaude = (model: string): boolean => model.includes('anthropic.')

/** The fewest tokens that one that thinks can write; Bedrock lets it write all that it can. */
const MAX_TOKENS = 32_000

/** What a model of Anthropic is told in its own words, and what it is not told. */
export interface ClaudeFields extends EncodedSampling {
  readonly fields: object
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
  const reasoning = encodeReasoning(request, model, maxTokens ?? MAX_TOKENS)
  const { sampling, ignored } = encodeSampling(request, model, reasoning)
  const { thinking, effort } = reasoning
  return {
    sampling,
    fields: {
      ...(sampling.topK !== undefined && { top_k: sampling.topK }),
      ...(thinking && { thinking }),
      ...(effort !== undefined && { output_config: { effort } }),
    },
    ignored: [...ignored, ...reasoning.ignored],
  }
}
