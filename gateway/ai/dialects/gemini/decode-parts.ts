import { randomUUID } from 'node:crypto'
import { createCallId } from '../../chat/call-id.ts'
import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../chat/request.ts'
import type { GeminiPart } from './response.ts'

/** Reads the parts of one answer, piece by piece. */
export interface PartsDecoder {
  /** Whether the model called a tool. */
  readonly hasCalls: boolean
  decode(parts: readonly GeminiPart[], responseId: string | null | undefined): AssistantPart[]
}

/** Another type, such as an image, or nothing. */
const decodeText = ({ text, thought }: GeminiPart): AssistantPart | undefined =>
  text ? { type: thought ? 'reasoning' : 'text', text } : undefined

/** A signature belongs to the part behind it, but of a thought it is its own. */
const sign = (part: AssistantPart | undefined, signature: string): AssistantPart[] => {
  if (part?.type === 'reasoning') return [{ ...part, signature }]
  const reasoning: ReasoningPart = { type: 'reasoning', text: '', signature }
  return part ? [reasoning, part] : [reasoning]
}

/** Creates what reads the parts of one answer. */
export const createPartsDecoder = (): PartsDecoder => {
  let calls = 0
  let ownId: string | undefined
  /** Older models name no calls; those of one conversation must not be confused. */
  const createId = (responseId: string | null | undefined, index: number): string => {
    ownId ??= responseId || randomUUID()
    return createCallId(ownId, index)
  }
  const decodeCall = (
    { functionCall }: GeminiPart,
    responseId: string | null | undefined,
  ): ToolCallPart | undefined => {
    if (!functionCall) return undefined
    const { id, name, args } = functionCall
    const index = calls
    calls += 1
    return {
      type: 'toolCall',
      id: id || createId(responseId, index),
      name,
      arguments: JSON.stringify(args ?? {}),
    }
  }
  return {
    get hasCalls() {
      return calls > 0
    },
    decode: (parts, responseId) =>
      parts.flatMap((part) => {
        const decoded = decodeCall(part, responseId) ?? decodeText(part)
        return part.thoughtSignature ? sign(decoded, part.thoughtSignature) : (decoded ?? [])
      }),
  }
}
