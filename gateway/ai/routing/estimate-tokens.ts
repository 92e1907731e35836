import type { AssistantPart, ChatRequest, Message, UserPart } from '../chat/request.ts'

/** About how long a token is in most texts; what a provider counts is known only afterwards. */
const CHARACTERS_PER_TOKEN = 4
/** What an image, a page or a few seconds of sound take, roughly. */
const TOKENS_PER_MEDIUM = 800
/** What stands around each message. */
const TOKENS_PER_MESSAGE = 4

type Part = UserPart | AssistantPart

const isMedium = ({ type }: Part): boolean =>
  type === 'image' || type === 'file' || type === 'audio'

const toLength = (part: Part): number => {
  if (part.type === 'toolCall') return part.name.length + part.arguments.length
  return 'text' in part ? part.text.length : 0
}

const toParts = (message: Message): readonly Part[] =>
  message.role === 'tool' ? message.results.flatMap(({ parts }) => parts) : message.parts

/** Tokens of a text of so many characters. */
export const estimateTextTokens = (length: number): number =>
  Math.ceil(length / CHARACTERS_PER_TOKEN)

/** Tokens of the input, without asking anyone: for conditions and for what is reserved. */
export const estimateTokens = ({ messages, tools }: ChatRequest): number => {
  const parts = messages.flatMap(toParts)
  const characters =
    parts.reduce((sum, part) => sum + toLength(part), 0) +
    (tools.length > 0 ? JSON.stringify(tools).length : 0)
  const media = parts.filter(isMedium).length * TOKENS_PER_MEDIUM
  const around = messages.length * TOKENS_PER_MESSAGE
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + media + around
}
