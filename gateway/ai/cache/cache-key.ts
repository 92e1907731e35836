import { hash } from 'node:crypto'
import type { CompiledCache } from '#config/compiled/cache.ts'
import type { Consumer } from '../../policies/api-key/consumer-directory.ts'
import type { Call } from '../call.ts'
import type { Message } from '../chat/request.ts'
import { RequestFault } from '../chat/request-fault.ts'
import { toCanonicalJson } from './canonical-json.ts'
import { pickMembers } from './named-members.ts'

/** What the keys of a cache depend on beside the call. */
export interface KeyOptions {
  readonly rule: CompiledCache
  /** The model or policy that is asked. */
  readonly label: string
}

/** Who has no tenant shares with all who have none. */
const toScope = ({ per }: CompiledCache, { name, tenant }: Consumer): unknown[] =>
  per === 'Tenant' ? [per, tenant ?? null] : [per, name, tenant ?? null]

/** A name may be that of a member within others: `output_config.effort`. */
const toMemberNames = (unknown: readonly string[]): Set<string> =>
  new Set(unknown.flatMap((name) => [name, name.slice(name.lastIndexOf('.') + 1)]))

/** All that is asked, but for who the caller's own user is. */
const toAsked = ({ request, read }: Call, messages: readonly Message[]): object => {
  const { user: _user, unknown, ...asked } = request
  return {
    ...asked,
    messages,
    unknown: unknown.toSorted(),
    values: unknown.length > 0 ? pickMembers(read.values, toMemberNames(unknown)) : undefined,
  }
}

/** JSON, so that no two are taken for each other, whatever names hold. */
const toHash = (toParts: () => readonly unknown[]): string | undefined => {
  try {
    return hash('sha256', toCanonicalJson(toParts()), 'base64url')
  } catch (error) {
    // Who makes the call ready for a model says what is wrong with it.
    if (error instanceof RangeError || error instanceof RequestFault) return undefined
    throw error
  }
}

/**
 * The key of the answer to a call: the same for equal calls of one scope.
 *
 * @returns undefined for a call that is not valid, or nested too deep
 */
export const toAnswerKey = ({ rule, label }: KeyOptions, call: Call): string | undefined =>
  toHash(() => {
    const asked = toAsked(call, call.request.messages)
    return ['answer', toScope(rule, call.consumer), label, asked]
  })

/**
 * The key of all calls of one scope that differ in their last messages only.
 *
 * @returns undefined for a call that is not valid, or nested too deep
 */
export const toGroupKey = ({ rule, label }: KeyOptions, call: Call): string | undefined =>
  toHash(() => {
    const asked = toAsked(call, call.request.messages.slice(0, -1))
    // Vectors of two models have nothing in common.
    return ['group', toScope(rule, call.consumer), label, asked, rule.semantic?.model]
  })
