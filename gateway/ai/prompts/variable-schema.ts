import type { CompiledVariable, CompiledVariables } from '#config/compiled/prompt-variable.ts'

type Schema = Readonly<Record<string, unknown>>
type Texts = Extract<CompiledVariable, { type: 'String' | 'List' }>

/** A pattern of JSON schema may match anywhere, one of ours matches the whole. */
const toTextSchema = ({ minLength, maxLength, enum: values, pattern }: Texts): Schema => ({
  type: 'string',
  ...(minLength > 0 && { minLength }),
  maxLength,
  ...(values && { enum: values }),
  ...(pattern !== undefined && { pattern: `^(?:${pattern})$` }),
})

const toTypeSchema = (variable: CompiledVariable): Schema => {
  switch (variable.type) {
    case 'String':
      return toTextSchema(variable)
    case 'Integer':
    case 'Number': {
      const { type, minimum, maximum } = variable
      return {
        type: type === 'Integer' ? 'integer' : 'number',
        ...(minimum !== undefined && { minimum }),
        ...(maximum !== undefined && { maximum }),
      }
    }
    case 'Boolean':
      return { type: 'boolean' }
    case 'List':
      return { type: 'array', items: toTextSchema(variable), maxItems: variable.maxItems }
  }
}

const toSchema = (variable: CompiledVariable): Schema => {
  const { description, default: byDefault } = variable
  return {
    ...(description !== undefined && { description }),
    ...toTypeSchema(variable),
    ...(byDefault !== undefined && { default: byDefault }),
  }
}

/** The JSON schema of the values of a call. */
export const toValuesSchema = (variables: CompiledVariables): Schema => ({
  type: 'object',
  additionalProperties: false,
  required: variables.filter(({ required }) => required).map(({ name }) => name),
  properties: Object.fromEntries(variables.map((each) => [each.name, toSchema(each)])),
})
