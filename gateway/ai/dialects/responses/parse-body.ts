import { countValues, findMembers, type Members } from '#lib/json/members.ts'
import { AiProblem } from '../../ai-problem.ts'

/** A body, read. */
export interface ParsedBody {
  readonly values: Readonly<Record<string, unknown>>
  /** Where the members stand in it. */
  readonly spans: Members
}

/** Reading JSON takes up to twenty times its length; of values, no call has so many. */
const MAX_VALUES = 500_000

/** What the gateway reads or writes itself. */
const OWN = [
  ...['model', 'input', 'tools', 'stream', 'store', 'max_output_tokens'],
  ...['previous_response_id', 'conversation', 'prompt', 'background'],
]

/** What `countValues` counts in the text of a value: its members, and one for what is empty. */
const countMembers = (root: unknown): number => {
  let count = 1
  const values = [root]
  while (values.length > 0) {
    const value = values.pop()
    if (typeof value !== 'object' || value === null) continue
    const members: unknown[] = Object.values(value)
    count += Math.max(1, members.length)
    for (const member of members) if (typeof member === 'object') values.push(member)
  }
  return count
}

const checkNames = (spans: Members): void => {
  for (const name of spans.keys()) {
    // Some servers read names without regard to case, as Go's `encoding/json` does.
    const folded = name.toUpperCase().toLowerCase()
    if (folded !== name && OWN.includes(folded)) {
      throw new SyntaxError(`${JSON.stringify(name)} must be written ${folded}`)
    }
  }
}

/** @throws SyntaxError when two readers could find different members, at any depth */
const parse = (body: Buffer, count: number): ParsedBody => {
  const values = JSON.parse(body.toString())
  const spans = findMembers(body)
  checkNames(spans)
  if (countMembers(values) !== count) throw new SyntaxError('a name stands twice in an object')
  return { values, spans }
}

/** Reads a body, of which every reader finds the same. @returns why not, where it cannot be. */
export const parseBody = (body: Buffer): ParsedBody | AiProblem => {
  try {
    const count = countValues(body)
    if (count <= MAX_VALUES) return parse(body, count)
    return new AiProblem('request_too_large', `The body holds more than ${MAX_VALUES} values.`)
  } catch (error) {
    const { message } = error as SyntaxError
    return new AiProblem(
      'invalid_json',
      `The body is no valid JSON object: ${message.slice(0, 200)}.`,
    )
  }
}
