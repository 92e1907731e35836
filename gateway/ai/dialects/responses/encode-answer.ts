import type { ChatAnswer } from '../../chat/answer.ts'
import type { AssistantPart, RefusalPart, TextPart } from '../../chat/request.ts'
import type { AnswerMeta } from '../../dialect.ts'
import {
  type ItemPrefix,
  toCallItem,
  toContent,
  toItemId,
  toMessageItem,
  toReasoningItem,
} from './output-item.ts'
import { toResponse, toStatus } from './response-object.ts'

type Said = TextPart | RefusalPart

/** What becomes one item: a part, or all that is said in a row. */
type Group = Exclude<AssistantPart, Said> | { readonly type: 'said'; readonly parts: Said[] }

const toGroups = (parts: readonly AssistantPart[]): Group[] => {
  const groups: Group[] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (part.type !== 'text' && part.type !== 'refusal') groups.push(part)
    else if (last?.type === 'said') last.parts.push(part)
    else groups.push({ type: 'said', parts: [part] })
  }
  return groups
}

/** Encodes an answer as a response. */
export const encodeAnswer = (answer: ChatAnswer, meta: AnswerMeta): object => {
  const groups = toGroups(answer.parts)
  const output = groups.map((group, index) => {
    // What ends an answer early cuts its last item.
    const status = index === groups.length - 1 ? toStatus(answer.finish) : 'completed'
    const toId = (prefix: ItemPrefix) => toItemId(prefix, meta.requestId, index)
    if (group.type === 'said') return toMessageItem(toId('msg'), status, group.parts.map(toContent))
    if (group.type === 'reasoning') return toReasoningItem(toId('rs'), group)
    return toCallItem(toId('fc'), status, group)
  })
  const model = answer.model ?? meta.model
  return toResponse({ ...meta, model }, { finish: answer.finish, output, usage: answer.usage })
}
