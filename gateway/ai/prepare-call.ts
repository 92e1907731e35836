import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { AiProblem } from './ai-problem.ts'
import type { Call } from './call.ts'
import type { PreparedCall } from './prepared-call.ts'
import { providerDialects } from './provider-dialects.ts'
import { toProblem } from './to-problem.ts'
import { translateCall } from './translate-call.ts'

const prepareNative = (call: Call, model: CompiledModel): PreparedCall | undefined => {
  const native = call.isRead ? undefined : call.read.toNative(model)
  if (!native) return undefined
  const { path, headers, body } = native
  return {
    path,
    headers,
    body,
    ignored: [],
    isNative: true,
    streamType: 'text/event-stream',
    createStream: () => native.createStream(),
    readWhole(text) {
      const answer = native.readWhole(text)
      return answer && { ...answer, body: text }
    },
    toCallerError: (_status, answer) => native.toCallerError(answer),
  }
}

/** What the gateway can say itself. */
export interface LocalAnswer {
  readonly here: string
}

/** Tokens, estimated: where the provider of a model does not count them. */
const countHere = (call: Call, { dialect }: CompiledModel): LocalAnswer | undefined => {
  const isCounted = call.surface.operation === 'countTokens'
  if (!isCounted || providerDialects[dialect].countTokens) return undefined
  return { here: JSON.stringify({ input_tokens: call.inputTokens }) }
}

const findExcess = (call: Call, { maxTokens }: CompiledModel): AiProblem | undefined => {
  const { maxTokens: asked = 0 } = call.isRewritten ? call.request : call.read
  if (maxTokens === undefined || asked <= maxTokens) return undefined
  const message = `At most ${maxTokens} output tokens may be asked for.`
  return new AiProblem('invalid_value', message, { param: 'max_tokens' })
}

/** Makes a call ready for a model. @returns why not, where its provider cannot take it */
export const prepareCall = (
  call: Call,
  model: CompiledModel,
): PreparedCall | LocalAnswer | AiProblem => {
  const excess = findExcess(call, model)
  if (excess) return excess
  try {
    return prepareNative(call, model) ?? countHere(call, model) ?? translateCall(call, model)
  } catch (error) {
    return toProblem(error)
  }
}
