import type {
  AssistantPart,
  FilePart,
  Message,
  TextPart,
  ToolResult,
  UserPart,
} from '../chat/request.ts'
import { readTextFile, withText } from './text-file.ts'

/** A text of a conversation. */
export interface Piece {
  readonly text: string
  /** Who says it. */
  readonly role: Message['role']
  /**
   * What it is by its place, if not any text: JSON such as the arguments of a tool, a JSON schema,
   * or what nothing else can stand in the place of, such as a name.
   */
  readonly form?: 'json' | 'schema' | 'fixed'
}

/** What becomes of texts that follow each other without anything between, one by one. */
export type Rewrite = (stretch: readonly Piece[]) => readonly string[]

/** Rewrites one text. */
export const rewritePiece = (piece: Piece, rewrite: Rewrite): string =>
  rewrite([piece])[0] ?? piece.text

const isText = (part: { readonly type: string }): part is TextPart => part.type === 'text'

const rewriteTexts = (
  parts: readonly TextPart[],
  role: Message['role'],
  rewrite: Rewrite,
): TextPart[] => {
  if (parts.length === 0) return []
  const texts = rewrite(parts.map(({ text }) => ({ text, role })))
  return parts.map((part, i) => ({ ...part, text: texts[i] ?? part.text }))
}

/** How the parts of somebody are rewritten. */
interface PartRewrite<Other> {
  readonly role: Message['role']
  readonly rewrite: Rewrite
  /** For those that are no text. */
  readonly rewriteOther: (part: Other) => Other
}

/** Texts beside each other are one to the model. */
const rewriteParts = <Other extends { readonly type: string }>(
  parts: readonly (TextPart | Other)[],
  { role, rewrite, rewriteOther }: PartRewrite<Other>,
): (TextPart | Other)[] => {
  const rewritten: (TextPart | Other)[] = []
  let texts: TextPart[] = []
  const endTexts = (): void => {
    for (const part of rewriteTexts(texts, role, rewrite)) rewritten.push(part)
    texts = []
  }
  for (const part of parts) {
    if (isText(part)) texts.push(part)
    else {
      endTexts()
      rewritten.push(rewriteOther(part))
    }
  }
  endTexts()
  return rewritten
}

/** What is said in an answer, in order; what a provider alone can read stays as it is. */
export const rewriteAnswerParts = (
  parts: readonly AssistantPart[],
  rewrite: Rewrite,
): AssistantPart[] => {
  const role = 'assistant'
  return rewriteParts<Exclude<AssistantPart, TextPart>>(parts, {
    role,
    rewrite,
    rewriteOther(part) {
      if (part.type !== 'toolCall')
        return { ...part, text: rewritePiece({ text: part.text, role }, rewrite) }
      const piece = { text: part.arguments, role, form: 'json' } as const
      return { ...part, arguments: rewritePiece(piece, rewrite) }
    },
  })
}

const rewriteFile = (file: FilePart, rewrite: Rewrite): FilePart => {
  const role = 'user'
  const { name } = file
  const named =
    name === undefined ? file : { ...file, name: rewritePiece({ text: name, role }, rewrite) }
  const content = readTextFile(file)
  if (!content) return named
  const piece: Piece = { text: content.text, role, ...(content.isJson && { form: 'json' }) }
  const text = rewritePiece(piece, rewrite)
  return text === content.text ? named : withText(named, text)
}

/** Other media stay as they are. */
const rewriteUserParts = (parts: readonly UserPart[], rewrite: Rewrite): UserPart[] =>
  rewriteParts<Exclude<UserPart, TextPart>>(parts, {
    role: 'user',
    rewrite,
    rewriteOther: (part) => (part.type === 'file' ? rewriteFile(part, rewrite) : part),
  })

const rewriteResult = (result: ToolResult, rewrite: Rewrite): ToolResult => ({
  ...result,
  parts: rewriteParts(result.parts, { role: 'tool', rewrite, rewriteOther: (image) => image }),
})

const rewriteMessage = (message: Message, rewrite: Rewrite): Message => {
  switch (message.role) {
    case 'system':
      return { ...message, parts: rewriteTexts(message.parts, 'system', rewrite) }
    case 'user':
      return { ...message, parts: rewriteUserParts(message.parts, rewrite) }
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
  walk((stretch) => {
    for (const piece of stretch) pieces.push(piece)
    return stretch.map(({ text }) => text)
  })
  return pieces
}

/** Puts texts in the place of pieces, one by one. */
export const toReplacement = (texts: readonly string[]): Rewrite => {
  let next = 0
  return (stretch) => {
    const replaced = stretch.map(({ text }, i) => texts[next + i] ?? text)
    next += stretch.length
    return replaced
  }
}
