import { AiProblem } from '../../ai-problem.ts'
import { isAbsent } from '../../chat/present.ts'
import { findReference, toStoredMessage } from '../../chat/stored-reference.ts'

const REFERENCES = new Set(['file_id', 'skill_id', 'container_id', 'user_profile_id'])

const isReference = (name: string, value: unknown): boolean =>
  REFERENCES.has(name) && !isAbsent(value)

/** A container by its name; an object without an id asks for a new one. */
const isContainer = (container: unknown): boolean =>
  typeof container === 'string' ||
  (typeof container === 'object' && container !== null && Boolean(Reflect.get(container, 'id')))

const THREAD = "'thread' is not supported: send the whole conversation."

/**
 * Finds what a request wants of the provider's memory. All callers share one account there, so that
 * one could read what another has stored.
 */
export const findStoredState = (
  values: Readonly<Record<string, unknown>>,
): AiProblem | undefined => {
  if (!isAbsent(values.thread)) {
    // At this the official client sends all of the conversation, and no thread again.
    const dialectCode = 'thread_unsupported_request'
    return new AiProblem('invalid_value', THREAD, { param: 'thread', dialectCode })
  }
  const param = isContainer(values.container)
    ? 'container'
    : ['messages', 'system', 'tools', 'container']
        .map((root) => findReference(root, values[root], isReference))
        .find((found) => found !== undefined)
  return param === undefined
    ? undefined
    : new AiProblem('invalid_value', toStoredMessage(param), { param })
}
