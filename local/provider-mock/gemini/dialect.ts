import type { IncomingHttpHeaders } from 'node:http'
import type { Dialect } from '../dialect.ts'
import { countContentTokens } from './count-tokens.ts'
import { batchEmbedContents, embedContent } from './embed.ts'
import { toErrorReply } from './error.ts'
import { generateContent, streamGenerateContent } from './generate.ts'

const readKey = (headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined =>
  headers['x-goog-api-key']?.toString() ?? query.get('key') ?? undefined

const toPath = (verb: string) => new RegExp(`^/v1beta/models/([^/:]+):${verb}$`)

/** https://ai.google.dev/api */
export const gemini: Dialect = {
  routes: [
    { method: 'POST', path: toPath('generateContent'), operation: generateContent },
    { method: 'POST', path: toPath('streamGenerateContent'), operation: streamGenerateContent },
    { method: 'POST', path: toPath('embedContent'), operation: embedContent },
    { method: 'POST', path: toPath('batchEmbedContents'), operation: batchEmbedContents },
    { method: 'POST', path: toPath('countTokens'), operation: countContentTokens },
  ],
  credential: {
    read: readKey,
    missing: 'Request is missing required authentication credential.',
  },
  toErrorReply,
}
