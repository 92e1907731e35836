import { type Dialect, readBearer } from '../dialect.ts'
import { chat } from './chat.ts'
import { embeddings } from './embeddings.ts'
import { toErrorReply } from './error.ts'
import { models } from './models.ts'
import { responses } from './responses.ts'

/** https://platform.openai.com/docs/api-reference */
export const openai: Dialect = {
  routes: [
    { method: 'POST', path: /^\/v1\/chat\/completions$/, operation: chat },
    { method: 'POST', path: /^\/v1\/responses$/, operation: responses },
    { method: 'POST', path: /^\/v1\/embeddings$/, operation: embeddings },
    { method: 'GET', path: /^\/v1\/models$/, operation: models },
  ],
  credential: {
    read: readBearer,
    missing: "You didn't provide an API key in an Authorization header using Bearer auth.",
  },
  requestIdHeader: 'x-request-id',
  toErrorReply,
}
