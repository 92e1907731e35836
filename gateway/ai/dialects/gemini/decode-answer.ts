import type { ChatAnswer, Finish } from '../../chat/answer.ts'
import type { AssistantPart } from '../../chat/request.ts'
import { createPartsDecoder } from './decode-parts.ts'
import { readOutcome } from './finish.ts'
import { findFailure } from './provider-error.ts'
import { type GeminiResponse, response } from './response.ts'
import { readUsage } from './usage.ts'

/** Makes one of the pieces of a thought, and of the signature that ends it, as a stream does. */
const joinReasoning = (parts: readonly AssistantPart[]): AssistantPart[] => {
  const joined: AssistantPart[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const isOpen = last?.type === 'reasoning' && last.signature === undefined
    if (isOpen && part.type === 'reasoning') {
      joined[joined.length - 1] = { ...part, text: last.text + part.text }
    } else joined.push(part)
  }
  return joined
}

interface Said {
  readonly parts: readonly AssistantPart[]
  readonly finish: Finish
}

const decodeSaid = ({ candidates, promptFeedback, responseId }: GeminiResponse): Said => {
  const [candidate] = candidates ?? []
  if (!candidate) {
    if (promptFeedback?.blockReason) return { parts: [], finish: 'contentFilter' }
    throw new Error('the answer has no candidate')
  }
  const decoder = createPartsDecoder()
  const parts = joinReasoning(decoder.decode(candidate.content?.parts ?? [], responseId))
  const outcome = readOutcome(candidate, decoder.hasCalls)
  if (outcome?.type === 'finish') return { parts, finish: outcome.finish }
  throw new Error(outcome?.message ?? 'the answer has no end')
}

/** Reads an answer that comes as a whole. @throws Error when it is none */
export const decodeAnswer = (json: unknown): ChatAnswer => {
  const failure = findFailure(json)
  if (failure !== undefined) throw new Error(failure)
  const answer = response.parse(json)
  const usage = readUsage(answer.usageMetadata)
  return {
    ...(answer.responseId && { id: answer.responseId }),
    ...(answer.modelVersion && { model: answer.modelVersion }),
    ...decodeSaid(answer),
    ...(usage && { usage }),
  }
}
