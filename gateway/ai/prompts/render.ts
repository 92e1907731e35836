import type { CompiledPromptVersion, CompiledSegment } from '#config/compiled/prompt.ts'
import type { CompiledVariables } from '#config/compiled/prompt-variable.ts'
import type { ChatRequest, Message, OutputFormat } from '../chat/request.ts'
import { RequestFault } from '../chat/request-fault.ts'
import { readValues, type Texts } from './read-values.ts'

/** A short template can repeat a long value very often. */
const MAX_CHARACTERS = 4_194_304

const toText = (segment: CompiledSegment, texts: Texts): string =>
  'text' in segment ? segment.text : (texts.get(segment.variable) ?? '')

/** Sums up lengths before anything of that length is made. */
const checkLength = ({ messages }: CompiledPromptVersion, texts: Texts): void => {
  let length = 0
  for (const { segments } of messages) {
    for (const segment of segments) length += toText(segment, texts).length
  }
  if (length <= MAX_CHARACTERS) return
  throw new RequestFault(
    'variables',
    `With these 'variables' the prompt is longer than ${MAX_CHARACTERS} characters.`,
  )
}

const toMessage = (
  { role, segments }: CompiledPromptVersion['messages'][number],
  texts: Texts,
): Message => {
  const text = segments.map((segment) => toText(segment, texts)).join('')
  return { role, parts: [{ type: 'text', text }] }
}

const toOutput = ({
  name,
  schema,
}: NonNullable<CompiledPromptVersion['output']>): OutputFormat => ({ type: 'schema', name, schema })

/**
 * The request that a version makes of the values of a call. A value is text within its message:
 * nothing in it is read as a template, a role or another message.
 *
 * @param values JSON of the caller
 * @throws RequestFault when the values do not fit the variables
 */
export const renderPrompt = (
  version: CompiledPromptVersion,
  variables: CompiledVariables,
  values: unknown,
): ChatRequest => {
  const texts = readValues(variables, values)
  checkLength(version, texts)
  return {
    messages: version.messages.map((message) => toMessage(message, texts)),
    tools: [],
    ...(version.output && { output: toOutput(version.output) }),
    ...version.settings,
    unknown: [],
  }
}
