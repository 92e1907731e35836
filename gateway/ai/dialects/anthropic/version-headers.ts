import type { IncomingHttpHeaders } from 'node:http'

/** The version of the API that the gateway speaks where its caller names none. */
export const VERSION = '2023-06-01'
const VERSION_PATTERN = /^\d{4}-\d\d-\d\d$/
/** Names of features, which what is in the body may depend on. */
const BETA_PATTERN = /^[\w.,\- ]{1,1024}$/

/** What the caller says of the API that its body is written for: it goes with the body. */
export const toVersionHeaders = (headers: IncomingHttpHeaders): string[] => {
  const version = headers['anthropic-version']?.toString() ?? ''
  const beta = headers['anthropic-beta']?.toString() ?? ''
  return [
    ...['anthropic-version', VERSION_PATTERN.test(version) ? version : VERSION],
    ...(BETA_PATTERN.test(beta) ? ['anthropic-beta', beta] : []),
  ]
}
