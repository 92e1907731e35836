import { z } from 'zod'
import { readJson } from './read-json.ts'
import type { ToolCallPart } from './request.ts'
import { RequestFault } from './request-fault.ts'

/** As it is: a schema would make another object of it, without a name such as `__proto__`. */
const anyObject = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

/** The arguments of a call as an object; undefined when they are none, being cut or wrong. */
export const readArguments = (json: string): object | undefined =>
  json.trim() === '' ? {} : readJson(anyObject, json)

/** The same for a provider that takes no others. @throws RequestFault when they are none */
export const toArguments = ({ id, arguments: json }: ToolCallPart): object => {
  const read = readArguments(json)
  if (read) return read
  const message = `The arguments of the tool call '${id}' are not a JSON object.`
  throw new RequestFault('messages', message)
}
