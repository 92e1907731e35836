import type { ChatRequest, UserPart } from './request.ts'

/** Whether the user shows something of this kind. */
export const hasUserPart = (
  { messages }: Pick<ChatRequest, 'messages'>,
  is: (part: UserPart) => boolean,
): boolean => messages.some((message) => message.role === 'user' && message.parts.some(is))

/** Whether the caller says how closely an image shall be looked at. */
export const hasDetail = (request: Pick<ChatRequest, 'messages'>): boolean =>
  hasUserPart(request, (part) => part.type === 'image' && part.detail !== undefined)
