import type { ChatRequest, Message } from '../chat/request.ts'

/**
 * Asks once more for an answer that fits its schema, with what was wrong with the first.
 *
 * @param problem as the check of the output puts it
 */
export const toRepairRequest = (
  request: ChatRequest,
  answerText: string,
  problem: string,
): ChatRequest => {
  // Some providers refuse a message that is empty.
  const answer: Message[] =
    answerText.trim() === ''
      ? []
      : [{ role: 'assistant', parts: [{ type: 'text', text: answerText }] }]
  const text = [
    `This answer does not fit the JSON schema that it must fit: ${problem}.`,
    'Answer again, with all of the JSON and nothing else.',
  ].join(' ')
  const complaint: Message = { role: 'user', parts: [{ type: 'text', text }] }
  return { ...request, messages: [...request.messages, ...answer, complaint] }
}
