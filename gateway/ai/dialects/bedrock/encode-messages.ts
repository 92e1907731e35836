import type { Message } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { encodeAssistantPart, encodeToolResult, encodeUserPart, NO_WORDS } from './encode-parts.ts'
import { type ContentBlock, createDocumentEncoder } from './media.ts'

/** A conversation as Bedrock takes it. */
export interface Conversation {
  readonly system: readonly ContentBlock[]
  readonly messages: readonly Turn[]
}

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: ContentBlock[]
}

const encodeTurn = (
  message: Exclude<Message, { role: 'system' }>,
  encodeDocument: ReturnType<typeof createDocumentEncoder>,
): Turn => {
  switch (message.role) {
    case 'assistant':
      return { role: 'assistant', content: message.parts.flatMap(encodeAssistantPart) }
    case 'tool':
      return { role: 'user', content: message.results.map(encodeToolResult) }
    case 'user': {
      const content = message.parts.flatMap((part) => encodeUserPart(part, encodeDocument))
      const hasText = content.some((block) => 'text' in block)
      // A document must not come without text.
      const isBare = content.length === 0 || content.some((block) => 'document' in block)
      return { role: 'user', content: isBare && !hasText ? [...content, NO_WORDS] : content }
    }
  }
}

/** Neighbours of one role are one turn. */
const merge = (turns: readonly Turn[]): Turn[] => {
  const merged: Turn[] = []
  for (const { role, content } of turns) {
    const last = merged.at(-1)
    if (last?.role === role) for (const block of content) last.content.push(block)
    else if (content.length > 0) merged.push({ role, content: [...content] })
  }
  return merged
}

/** Instructions stand apart, those from the middle of the conversation too. */
const encodeSystem = (messages: readonly Message[]): readonly ContentBlock[] =>
  messages
    .filter((message) => message.role === 'system')
    .flatMap(({ parts }) => parts)
    .filter(({ text }) => text.trim() !== '')
    .map(({ text }) => ({ text }))

/**
 * Turns alternate, and the user has the first.
 *
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 *
 * @throws RequestFault for what cannot be said
 */
export const encodeMessages = (messages: readonly Message[]): Conversation => {
  const encodeDocument = createDocumentEncoder()
  const turns = merge(
    messages
      .filter((message) => message.role !== 'system')
      .map((message) => encodeTurn(message, encodeDocument)),
  )
  const [first] = turns
  if (!first) {
    throw new RequestFault('messages', 'The provider of this model needs a message with content.')
  }
  const start: readonly Turn[] =
    first.role === 'user' ? [] : [{ role: 'user', content: [NO_WORDS] }]
  return { system: encodeSystem(messages), messages: [...start, ...turns] }
}
