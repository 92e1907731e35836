import { type Dialect, readBearer } from '../dialect.ts'
import { chat } from './chat.ts'
import { embedTexts } from './embed.ts'
import { toErrorReply } from './error.ts'

/** https://docs.cohere.com/v2/reference */
export const cohere: Dialect = {
  routes: [
    { method: 'POST', path: /^\/v2\/chat$/, operation: chat },
    { method: 'POST', path: /^\/v2\/embed$/, operation: embedTexts },
  ],
  credential: { read: readBearer, missing: 'no api key supplied' },
  toErrorReply,
}
