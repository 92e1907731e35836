import { countValues, findMembers, type Members } from '#lib/json/members.ts'
import { AiProblem } from '../ai-problem.ts'
import { MAX_DEPTH } from './depth.ts'

/** The body of a call, of which every reader finds the same. */
export interface ParsedBody {
  readonly values: Readonly<Record<string, unknown>>
  /** Where the members stand in it. */
  readonly spans: Members
}

/** Reading JSON takes up to twenty times its length; of values, no call has so many. */
const MAX_VALUES = 500_000

/** What the gateway reads or writes itself, in one dialect or another. */
const OWN = new Set([
  ...['model', 'messages', 'input', 'system', 'instructions', 'prompt', 'tools', 'stream', 'n'],
  ...['stream_options', 'include_usage'],
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens'],
  ...['store', 'background', 'previous_response_id', 'conversation'],
])

/** A name as those servers read it that have no regard to case, as Go's `encoding/json` does. */
export const foldName = (name: string): string => name.toUpperCase().toLowerCase()

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isNested(value) && !Array.isArray(value)

/** @throws SyntaxError when two readers could find different members */
const assertPlainNames = (values: unknown): void => {
  for (const name of isObject(values) ? Object.keys(values) : []) {
    const folded = foldName(name)
    if (name !== folded && OWN.has(folded)) {
      throw new SyntaxError(`${JSON.stringify(name)} must be written ${folded}`)
    }
  }
}

/**
 * What `countValues` counts in the text of a value: its members, and one for what is empty.
 *
 * @returns undefined when it is too deep
 */
const countMembers = (root: object): number | undefined => {
  let count = 1
  let level = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_DEPTH) return undefined
    const next: object[] = []
    for (const value of level) {
      const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
      count += Math.max(1, members.length)
      for (const member of members) if (isNested(member)) next.push(member)
    }
    level = next
  }
  return count
}

const invalid = (message: string): AiProblem => new AiProblem('invalid_json', message)

/** @throws SyntaxError when it is no JSON, or can be read in two ways */
const parse = (body: Buffer): ParsedBody | AiProblem => {
  const count = countValues(body)
  if (count > MAX_VALUES) {
    return new AiProblem('request_too_large', `The body holds more than ${MAX_VALUES} values.`)
  }
  const values: unknown = JSON.parse(body.toString())
  if (!isObject(values)) return invalid('The body must be a JSON object.')
  const spans = findMembers(body)
  const found = countMembers(values)
  if (found === undefined) return invalid(`The body is more than ${MAX_DEPTH} levels deep.`)
  if (found !== count) throw new SyntaxError('a name stands twice in an object')
  assertPlainNames(values)
  assertPlainNames(values.stream_options)
  return { values, spans }
}

/** Reads the body of a call. @returns why not, in place of one that is not valid. */
export const parseBody = (body: Buffer): ParsedBody | AiProblem => {
  try {
    return parse(body)
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : ''
    return invalid(`The body is not valid JSON: ${why}.`)
  }
}
