import type { ModelCall } from './model-exchange.ts'

/** What the provider is told: nothing of what the caller sent. */
export const toProviderHeaders = (
  { model, isStream, requestId }: ModelCall,
  credential: readonly string[],
): string[] => [
  ...['host', model.host],
  ...['content-type', 'application/json'],
  ...['accept', isStream ? 'text/event-stream' : 'application/json'],
  ...['user-agent', 'penstock'],
  ...['x-request-id', requestId],
  ...credential,
]

/** What the caller is told beside the answer. */
export const toCallerHeaders = ({ model, requestId }: ModelCall): string[] => {
  const { namespace, name, spec } = model.fragment
  const version = spec.version === undefined ? '' : `@${spec.version}`
  return ['x-request-id', requestId, 'x-penstock-model', `${namespace}/${name}${version}`]
}
