import type { ChatRequest, UserPart } from '../../chat/request.ts'
import { isThinkingForced } from './thinking.ts'

const hasUserPart = ({ messages }: ChatRequest, is: (part: UserPart) => boolean): boolean =>
  messages.some((message) => message.role === 'user' && message.parts.some(is))

/** What the caller asked for and the provider has no words for. */
export const listIgnored = (request: ChatRequest, model: string): readonly string[] => {
  const { parallelToolCalls, tools, user, reasoning, unknown } = request
  const found: readonly (readonly [name: string, isAsked: boolean])[] = [
    ['parallel_tool_calls', parallelToolCalls === false],
    ['strict', tools.some(({ strict }) => strict === true)],
    ['user', user !== undefined],
    ['reasoning_effort', isThinkingForced(reasoning, model)],
    ['detail', hasUserPart(request, (part) => part.type === 'image' && part.detail !== undefined)],
    ['filename', hasUserPart(request, (part) => part.type === 'file' && part.name !== undefined)],
  ]
  return [...found.flatMap(([name, isAsked]) => (isAsked ? [name] : [])), ...unknown]
}
