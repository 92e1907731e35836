import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { ParsedRequest } from '../proxy/parsed-request.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'

const BEARER = /^bearer +(\S+)$/i

/** The consumer whose key the request shows, as clients of OpenAI or of Anthropic show theirs. */
export const authenticate = (
  { consumers }: AiContext,
  parsed: ParsedRequest,
): Consumer | AiProblem => {
  const bearer = BEARER.exec(parsed.header('authorization') ?? '')?.[1]
  const key = bearer ?? parsed.header('x-api-key')
  const consumer = key === undefined ? undefined : consumers.find(key)
  const message = 'No valid API key: send one as Authorization: Bearer KEY.'
  return consumer ?? new AiProblem('invalid_api_key', message)
}
