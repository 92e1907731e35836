import type { ChatRequest } from '../../chat/request.ts'
import type { ModelTraits } from '../../dialect.ts'
import { type ClaudeFields, encodeClaudeFields, isClaude } from './claude.ts'

/** The parts of a request that say how to answer, and what of it could not be said. */
export interface Inference {
  readonly fields: object
  readonly ignored: readonly string[]
}

/** What the models of all makers take; what few of them do is left out. */
const encodeCommon = ({ temperature, topP, topK, reasoning }: ChatRequest): ClaudeFields => {
  const { effort, budgetTokens } = reasoning ?? {}
  return {
    sampling: {
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
    },
    fields: {},
    ignored: [
      ...(topK === undefined ? [] : ['top_k']),
      ...(effort === undefined || effort === 'none' ? [] : ['reasoning_effort']),
      ...(budgetTokens === undefined ? [] : ['budget_tokens']),
    ],
  }
}

const orNothing = (name: string, members: object): object =>
  Object.keys(members).length === 0 ? {} : { [name]: members }

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html */
export const encodeInference = (request: ChatRequest, traits: ModelTraits): Inference => {
  const { model } = traits
  const { stop = [] } = request
  const maxTokens = request.maxTokens ?? traits.maxTokens
  const { sampling, fields, ignored } = isClaude(model)
    ? encodeClaudeFields(request, model, maxTokens)
    : encodeCommon(request)
  const { topK: _, ...common } = sampling
  return {
    fields: {
      ...orNothing('inferenceConfig', {
        ...(maxTokens !== undefined && { maxTokens }),
        ...common,
        ...(stop.length > 0 && { stopSequences: stop }),
      }),
      ...orNothing('additionalModelRequestFields', fields),
      // Which of them it was. Models that do not say are none the worse for being asked.
      ...(stop.length > 0 && { additionalModelResponseFieldPaths: ['/stop_sequence'] }),
    },
    ignored,
  }
}
