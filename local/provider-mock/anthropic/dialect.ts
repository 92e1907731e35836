import type { IncomingHttpHeaders } from 'node:http'
import type { Dialect } from '../dialect.ts'
import { countMessageTokens } from './count-tokens.ts'
import { toErrorReply } from './error.ts'
import { messages } from './messages.ts'

const readKey = ({ 'x-api-key': key }: IncomingHttpHeaders): string | undefined => key?.toString()

/** https://docs.claude.com/en/api */
export const anthropic: Dialect = {
  routes: [
    { method: 'POST', path: /^\/v1\/messages$/, operation: messages },
    { method: 'POST', path: /^\/v1\/messages\/count_tokens$/, operation: countMessageTokens },
  ],
  credential: {
    read: readKey,
    missing: 'x-api-key header is required',
  },
  findHeadProblem: (headers) =>
    headers['anthropic-version'] ? undefined : 'anthropic-version: header is required',
  requestIdHeader: 'request-id',
  toErrorReply,
}
