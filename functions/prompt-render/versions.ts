import type { CompiledPromptVersion } from '#config/compiled/prompt.ts'
import type { PromptVersion } from '#config/kinds/prompt-template-version.ts'
import { FieldError } from '../runtime/field-error.ts'
import { compileOutputSchema } from './output-schema.ts'
import { compileTemplate } from './template.ts'

/** What a version takes from its prompt. */
export interface VersionContext {
  readonly model: string
  /** Of the variables. */
  readonly names: ReadonlySet<string>
  readonly outputName: string
}

const ROLES = { System: 'system', User: 'user', Assistant: 'assistant' } as const

const compileMessages = (
  { messages, template }: PromptVersion,
  field: string,
  names: ReadonlySet<string>,
): CompiledPromptVersion['messages'] => {
  if ((messages === undefined) === (template === undefined)) {
    throw new FieldError(`${field}: exactly one of messages and template must be set`)
  }
  if (template !== undefined) {
    return [{ role: 'user', segments: compileTemplate(template, names, `${field}.template`) }]
  }
  return (messages ?? []).map(({ role, content }, index) => ({
    role: ROLES[role],
    segments: compileTemplate(content, names, `${field}.messages[${index}].content`),
  }))
}

const compileSettings = ({
  maxTokens,
  temperature,
  topP,
  stop,
}: PromptVersion): CompiledPromptVersion['settings'] => ({
  ...(maxTokens !== undefined && { maxTokens }),
  ...(temperature !== undefined && { temperature: Number(temperature) }),
  ...(topP !== undefined && { topP: Number(topP) }),
  ...(stop && { stop }),
})

/** A version but for its name and weight. @throws FieldError */
export const compileVersion = (
  version: PromptVersion,
  field: string,
  { model, names, outputName }: VersionContext,
): Omit<CompiledPromptVersion, 'name' | 'weight'> => ({
  model: version.model ?? model,
  messages: compileMessages(version, field, names),
  settings: compileSettings(version),
  ...(version.output && {
    output: {
      name: outputName,
      schema: compileOutputSchema(version.output.schema, `${field}.output.schema`),
      repair: version.output.repair,
    },
  }),
})
