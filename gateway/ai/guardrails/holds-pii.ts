import type { PiiType } from '#config/compiled/guardrail.ts'
import type { ChatRequest } from '../chat/request.ts'
import { collectPieces, rewriteMessages } from './pieces.ts'
import { createPiiFinder } from './pii/find-pii.ts'
import { toStretch } from './span.ts'

/** Whether anything that is said in a request is of one of these types. */
export const holdsPii = ({ messages }: ChatRequest, types: readonly PiiType[]): boolean => {
  const find = createPiiFinder(types)
  return collectPieces((rewrite) => rewriteMessages(messages, rewrite)).some(
    ({ text }) => find(toStretch(text)).spans.length > 0,
  )
}
