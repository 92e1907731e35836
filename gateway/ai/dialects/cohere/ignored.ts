import type { ChatRequest, Message, UserPart } from '../../chat/request.ts'
import { hasUserPart } from '../../chat/user-part.ts'
import { hasUnknownDetail } from './content.ts'
import { isPenalty } from './parameters.ts'

const isUnknown = (part: UserPart): boolean => part.type === 'image' && hasUnknownDetail(part)

const hasError = (message: Message): boolean =>
  message.role === 'tool' && message.results.some(({ isError }) => isError === true)

const hasLevel = ({ reasoning }: ChatRequest): boolean =>
  reasoning?.effort !== undefined && reasoning.effort !== 'none'

/** What the caller asked for and the provider has no words for. */
export const listIgnored = (request: ChatRequest): readonly string[] => {
  const found: readonly (readonly [name: string, isAsked: boolean])[] = [
    ['parallel_tool_calls', request.parallelToolCalls === false],
    // The provider's own `strict_tools` refuses the schemas that are strict to others.
    ['strict', request.tools.some(({ strict }) => strict === true)],
    ['user', request.user !== undefined],
    ['reasoning_effort', hasLevel(request)],
    ['presence_penalty', !isPenalty(request.presencePenalty)],
    ['frequency_penalty', !isPenalty(request.frequencyPenalty)],
    ['detail', hasUserPart(request, isUnknown)],
    ['is_error', request.messages.some(hasError)],
  ]
  return [...found.flatMap(([name, isAsked]) => (isAsked ? [name] : [])), ...request.unknown]
}
