import type { IncomingHttpHeaders } from 'node:http'
import { type Dialect, readBearer } from '../dialect.ts'
import { converse, converseStream } from './converse.ts'
import { toErrorReply } from './error.ts'

const SIGNED = /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)/

/** The access key of a signature, which is not verified, or an API key. */
const readCredential = (headers: IncomingHttpHeaders): string | undefined =>
  SIGNED.exec(headers.authorization ?? '')?.[1] ?? readBearer(headers)

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrock: Dialect = {
  routes: [
    { method: 'POST', path: /^\/model\/([^/]+)\/converse$/, operation: converse },
    { method: 'POST', path: /^\/model\/([^/]+)\/converse-stream$/, operation: converseStream },
  ],
  credential: {
    read: readCredential,
    missing: 'Missing Authentication Token',
  },
  requestIdHeader: 'x-amzn-RequestId',
  toErrorReply,
}
