import type { AssistantPart, Message, ToolResult, UserPart } from '../chat/request.ts'

/** A text of a conversation. */
export interface Piece {
  readonly text: string
  /** Who says it. */
  readonly role: Message['role']
  /** Whether it is JSON by its place, such as the arguments of a tool. */
  readonly isArguments?: boolean
}

/** What becomes of a text. */
export type Rewrite = (piece: Piece) => string

/** Media, and what a provider alone can read, stay as they are. */
const rewriteAssistantPart = (part: AssistantPart, rewrite: Rewrite): AssistantPart => {
  if (part.type === 'toolCall') {
    const text = rewrite({ text: part.arguments, role: 'assistant', isArguments: true })
    return { ...part, arguments: text }
  }
  return { ...part, text: rewrite({ text: part.text, role: 'assistant' }) }
}

/** What is said in an answer, in order. */
export const rewriteAnswerParts = (
  parts: readonly AssistantPart[],
  rewrite: Rewrite,
): AssistantPart[] => parts.map((part) => rewriteAssistantPart(part, rewrite))

const rewriteText = <Part extends UserPart>(
  part: Part,
  role: Message['role'],
  rewrite: Rewrite,
): Part => (part.type === 'text' ? { ...part, text: rewrite({ text: part.text, role }) } : part)

const rewriteResult = (result: ToolResult, rewrite: Rewrite): ToolResult => ({
  ...result,
  parts: result.parts.map((part) => rewriteText(part, 'tool', rewrite)),
})

const rewriteMessage = (message: Message, rewrite: Rewrite): Message => {
  switch (message.role) {
    case 'system':
      return {
        ...message,
        parts: message.parts.map((part) => rewriteText(part, 'system', rewrite)),
      }
    case 'user':
      return { ...message, parts: message.parts.map((part) => rewriteText(part, 'user', rewrite)) }
    case 'assistant':
      return { ...message, parts: rewriteAnswerParts(message.parts, rewrite) }
    case 'tool':
      return {
        ...message,
        results: message.results.map((result) => rewriteResult(result, rewrite)),
      }
  }
}

/** Rewrites every text of a conversation, in order. */
export const rewriteMessages = (messages: readonly Message[], rewrite: Rewrite): Message[] =>
  messages.map((message) => rewriteMessage(message, rewrite))

/** Collects pieces, and leaves them as they are. */
export const collectPieces = (walk: (rewrite: Rewrite) => unknown): Piece[] => {
  const pieces: Piece[] = []
  walk((piece) => {
    pieces.push(piece)
    return piece.text
  })
  return pieces
}

/** Puts texts in the place of pieces, one by one. */
export const toReplacement = (texts: readonly string[]): Rewrite => {
  let next = 0
  return ({ text }) => {
    const replaced = texts[next] ?? text
    next += 1
    return replaced
  }
}
