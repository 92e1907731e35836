import type { AssistantPart } from '../../chat/request.ts'
import { toArguments } from '../../chat/tool-arguments.ts'

interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly functionCall?: object
  readonly thoughtSignature?: string
}

const encodeSpoken = (part: Exclude<AssistantPart, { type: 'reasoning' }>): Part | undefined => {
  if (part.type === 'toolCall') {
    return { functionCall: { id: part.id, name: part.name, args: toArguments(part) } }
  }
  return part.text === '' ? undefined : { text: part.text }
}

const encodeParts = (parts: readonly AssistantPart[]): Part[] => {
  const encoded: Part[] = []
  let signature: string | undefined
  const flush = () => {
    if (signature !== undefined) encoded.push({ text: '', thoughtSignature: signature })
  }
  for (const part of parts) {
    if (part.type === 'reasoning') {
      // What another provider alone can read.
      if (part.redacted !== undefined) continue
      flush()
      if (part.text !== '') encoded.push({ text: part.text, thought: true })
      signature = part.signature
      continue
    }
    const spoken = encodeSpoken(part)
    if (!spoken) continue
    encoded.push(signature === undefined ? spoken : { ...spoken, thoughtSignature: signature })
    signature = undefined
  }
  flush()
  return encoded
}

/**
 * What stands for a signature that is lost, as in the dialects that have no words for it: later
 * models refuse a message of which the first call has none.
 * https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
 */
const LOST_SIGNATURE = 'skip_thought_signature_validator'

const signFirstCall = (parts: readonly Part[]): readonly Part[] => {
  const at = parts.findIndex(({ functionCall }) => functionCall)
  const call = parts[at]
  if (!call || call.thoughtSignature !== undefined) return parts
  return parts.with(at, { ...call, thoughtSignature: LOST_SIGNATURE })
}

/**
 * Writes what the model said. The provider signs texts and calls, and wants each signature back on
 * its part. A ChatRequest has signatures on reasoning alone, so there a signature stands directly
 * before the part that it belongs to, on a reasoning part that may have no text. One with nothing
 * spoken behind it belongs to an empty text, as at the end of a stream.
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export const encodeAssistantParts = (
  parts: readonly AssistantPart[],
  mustSign: boolean,
): readonly object[] => {
  const encoded = encodeParts(parts)
  return mustSign ? signFirstCall(encoded) : encoded
}
