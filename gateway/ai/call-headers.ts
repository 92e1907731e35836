import type { LinkedModel } from '../link/linked-model.ts'
import type { Call } from './call.ts'

/** What the provider is told: nothing of what the caller sent. */
export const toProviderHeaders = (
  { isStreamed, requestId }: Call,
  host: string,
  streamType: string,
): string[] => [
  ...['host', host],
  ...['content-type', 'application/json'],
  ...['accept', isStreamed ? streamType : 'application/json'],
  ...['user-agent', 'penstock'],
  ...['x-request-id', requestId],
]

const toModelHeader = ({ fragment: { namespace, name, spec } }: LinkedModel): string[] => {
  const version = spec.version === undefined ? '' : `@${spec.version}`
  return ['x-penstock-model', `${namespace}/${name}${version}`]
}

/**
 * What the caller is told beside the answer.
 * @param model the one that answers, or the last one that was tried
 */
export const toCallerHeaders = (
  { requestId }: Call,
  model: LinkedModel | undefined,
  ignored: readonly string[],
): string[] => [
  ...['x-request-id', requestId],
  ...(model ? toModelHeader(model) : []),
  ...(ignored.length > 0 ? ['x-penstock-ignored', ignored.join(', ')] : []),
]
