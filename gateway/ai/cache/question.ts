import type { ChatRequest, UserPart } from '../chat/request.ts'

/** About what an embedding model reads at most; of more, one vector would say little. */
const MAX_CHARACTERS = 32_768

const toText = (parts: readonly UserPart[]): string | undefined => {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return texts.length === parts.length ? texts.join('\n') : undefined
}

/** The text of the last message; undefined when it is not the user's, or not just text. */
export const toQuestion = ({ messages }: ChatRequest): string | undefined => {
  const last = messages.at(-1)
  const text = last?.role === 'user' ? toText(last.parts) : undefined
  const isAsked = text !== undefined && text.trim() !== '' && text.length <= MAX_CHARACTERS
  return isAsked ? text : undefined
}
