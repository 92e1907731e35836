import type { ChatEvent } from '../../chat/answer.ts'
import type { AssistantPart } from '../../chat/request.ts'
import { createSseDecoder } from '../../chat/sse-decoder.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { createPartsDecoder } from './decode-parts.ts'
import { type Outcome, readOutcome } from './finish.ts'
import { findFailure } from './provider-error.ts'
import { type GeminiResponse, response } from './response.ts'
import { readUsage } from './usage.ts'

const toStart = ({ responseId, modelVersion }: GeminiResponse): ChatEvent => ({
  type: 'start',
  ...(responseId && { id: responseId }),
  ...(modelVersion && { model: modelVersion }),
})

/** @param index of the call, if it is one */
const toEvents = (part: AssistantPart, index: number): ChatEvent[] => {
  if (part.type === 'toolCall') {
    return [
      { type: 'toolCall', index, id: part.id, name: part.name },
      { type: 'toolArguments', index, json: part.arguments },
    ]
  }
  if (part.type !== 'reasoning') return [{ type: part.type, text: part.text }]
  const { text, signature } = part
  return [
    ...(text === '' ? [] : [{ type: 'reasoning', text } as const]),
    ...(signature === undefined ? [] : [{ type: 'reasoningSignature', signature } as const]),
  ]
}

const toOutcome = (piece: GeminiResponse, hasCalls: boolean): Outcome | undefined => {
  const [candidate] = piece.candidates ?? []
  if (candidate) return readOutcome(candidate, hasCalls)
  const isBlocked = Boolean(piece.promptFeedback?.blockReason)
  return isBlocked ? { type: 'finish', finish: 'contentFilter' } : undefined
}

const createPieceDecoder = () => {
  const decoder = createPartsDecoder()
  let isStarted = false
  let calls = 0

  const decodeParts = ({ candidates, responseId }: GeminiResponse): ChatEvent[] =>
    decoder.decode(candidates?.[0]?.content?.parts ?? [], responseId).flatMap((part) => {
      const events = toEvents(part, calls)
      if (part.type === 'toolCall') calls += 1
      return events
    })

  return (json: unknown): ChatEvent[] => {
    const failure = findFailure(json)
    if (failure !== undefined) return [{ type: 'error', message: failure }]
    const piece = response.parse(json)
    const start = isStarted ? [] : [toStart(piece)]
    isStarted = true
    const parts = decodeParts(piece)
    const outcome = toOutcome(piece, decoder.hasCalls)
    const outcomes = outcome ? [outcome] : []
    const usage = readUsage(piece.usageMetadata)
    const usages: ChatEvent[] = usage ? [{ type: 'usage', usage }] : []
    // Behind an error nobody reads on.
    const ending = outcome?.type === 'error' ? [...usages, outcome] : [...outcomes, ...usages]
    return [...start, ...parts, ...ending]
  }
}

/**
 * Reads a stream of answers of which each is a piece of the whole. The provider has no end mark, so
 * there is never an event `end`: the answer is complete with its finish.
 */
export const createStreamDecoder = (): StreamDecoder => {
  const decode = createPieceDecoder()
  let events: ChatEvent[] = []
  const sse = createSseDecoder(({ data }) => {
    for (const event of decode(JSON.parse(data))) events.push(event)
  })
  return {
    push: (chunk) => {
      events = []
      sse.push(chunk)
      return events
    },
  }
}
