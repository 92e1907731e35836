import { countInput } from '../completion.ts'
import { type Operation, toOkReply } from '../dialect.ts'
import { countRequest, toPrompt } from './request.ts'

/** POST /v1/messages/count_tokens */
export const countMessageTokens: Operation = ({ body }) => {
  const request = countRequest.parse(body)
  const count = countInput(toPrompt(request).turns)
  return { model: request.model, reply: () => toOkReply({ input_tokens: count }) }
}
