import { z } from 'zod'
import { isTooDeep, MAX_DEPTH } from './depth.ts'
import { readJson } from './read-json.ts'
import type { ToolCallPart } from './request.ts'
import { RequestFault } from './request-fault.ts'

/** As it is: a schema would make another object of it, without a name such as `__proto__`. */
const anyObject = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

/** The arguments of a call as an object; undefined when they are none, being cut or wrong. */
export const readArguments = (json: string): object | undefined => {
  const read = json.trim() === '' ? {} : readJson(anyObject, json)
  return isTooDeep(read) ? undefined : read
}

/** The same for a provider that takes no others. @throws RequestFault when they are none */
export const toArguments = ({ id, arguments: json }: ToolCallPart): object => {
  const read = readArguments(json)
  if (read) return read
  const message = `The arguments of the tool call '${id}' are not a JSON object of at most ${MAX_DEPTH} levels.`
  throw new RequestFault('messages', message)
}
