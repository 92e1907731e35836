import type { PiiType } from '#config/compiled/guardrail.ts'
import type { Call } from './call.ts'
import { RequestFault } from './chat/request-fault.ts'
import { holdsPii } from './guardrails/holds-pii.ts'

/** All the strings within a value. */
const collectStrings = (root: unknown): string[] => {
  const strings: string[] = []
  const values = [root]
  while (values.length > 0) {
    const value = values.pop()
    if (typeof value === 'string') strings.push(value)
    else if (typeof value === 'object' && value !== null) values.push(...Object.values(value))
  }
  return strings
}

const toRequest = (texts: readonly string[]): Call['request'] => ({
  messages: texts.map((text) => ({ role: 'user', parts: [{ type: 'text', text }] })),
  tools: [],
  unknown: [],
})

/** What a call says, in the form in which it is looked at. */
const toRequests = (call: Call): Call['request'][] => {
  const { values } = call
  if (!call.isChat) return [toRequest(collectStrings(values.input))]
  try {
    const { request } = call
    if (call.isRewritten) return [request]
    // Fields that only the caller's dialect knows leave with its bytes.
    const others = request.unknown.flatMap((name) => collectStrings(values[name]))
    return [request, toRequest(others)]
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    return [toRequest(collectStrings(values))]
  }
}

/** Whether a call holds data of one of these types, wherever in it. */
export const isSensitive = (call: Call, types: readonly PiiType[]): boolean =>
  toRequests(call).some((request) => holdsPii(request, types))
