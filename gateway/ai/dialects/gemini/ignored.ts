import type { ChatRequest } from '../../chat/request.ts'
import { hasDetail, hasUserPart } from '../../chat/user-part.ts'
import { isThinkingForced } from './thinking.ts'

/** What the caller asked for and the provider has no words for. */
export const listIgnored = (request: ChatRequest, model: string): readonly string[] => {
  const { parallelToolCalls, tools, user, reasoning, unknown } = request
  const found: readonly (readonly [name: string, isAsked: boolean])[] = [
    ['parallel_tool_calls', parallelToolCalls === false],
    ['strict', tools.some(({ strict }) => strict === true)],
    ['user', user !== undefined],
    ['reasoning_effort', isThinkingForced(reasoning, model)],
    ['detail', hasDetail(request)],
    ['filename', hasUserPart(request, (part) => part.type === 'file' && part.name !== undefined)],
  ]
  return [...found.flatMap(([name, isAsked]) => (isAsked ? [name] : [])), ...unknown]
}
