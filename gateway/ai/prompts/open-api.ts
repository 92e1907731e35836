import type { CompiledPrompt, CompiledPromptVersion } from '#config/compiled/prompt.ts'
import { toValuesSchema } from './variable-schema.ts'

/** A prompt as its fragment holds it. */
export interface NamedPrompt {
  readonly name: string
  readonly generation: number
  readonly spec: CompiledPrompt
}

type Schema = Readonly<Record<string, unknown>>

const PROBLEMS = {
  400: 'The variables do not fit.',
  401: 'There is no valid API key.',
  404: 'The model does not exist, or is not for this caller.',
  413: 'The body is too large.',
  429: 'There were too many requests.',
  500: 'The gateway failed.',
  502: 'The provider of the model failed, or its answer does not fit the schema.',
  503: 'The gateway or the provider of the model is overloaded or cannot be reached.',
  504: 'The provider of the model did not answer in time.',
}

const problemSchema: Schema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'], description: 'What it is about.' },
        code: { type: 'string', description: 'Does not change between releases.' },
      },
    },
  },
}

const textSchema: Schema = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string' } },
}

const toJsonContent = (schema: Schema) => ({ 'application/json': { schema } })

/** What the versions answer with that a call may get without pinning one. */
const toAnswerSchema = (versions: readonly CompiledPromptVersion[]): Schema => {
  const schemas = new Map<string, Schema>()
  for (const { weight, output } of versions) {
    const schema = output?.schema ?? textSchema
    if (weight > 0) schemas.set(JSON.stringify(schema), schema)
  }
  const [first = textSchema, ...others] = schemas.values()
  return others.length === 0 ? first : { anyOf: [first, ...others] }
}

const toResponses = (versions: readonly CompiledPromptVersion[]) => ({
  200: {
    description: 'The answer of the model.',
    content: toJsonContent(toAnswerSchema(versions)),
  },
  ...Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, description]) => [
      status,
      { description, content: toJsonContent({ $ref: '#/components/schemas/Problem' }) },
    ]),
  ),
})

/** Without a scheme: which one the gateway is reached by, it does not know. */
const toServers = (hostnames: readonly string[]) => {
  const exact = hostnames.filter((hostname) => !hostname.startsWith('*'))
  return exact.length > 0 && { servers: exact.map((hostname) => ({ url: `//${hostname}` })) }
}

/**
 * Describes the endpoint of a prompt: https://spec.openapis.org/oas/v3.1.0
 *
 * @returns undefined for a prompt that has none
 */
export const toOpenApi = ({ name, generation, spec }: NamedPrompt): object | undefined => {
  const { variables, versions, expose } = spec
  if (!expose) return undefined
  return {
    openapi: '3.1.0',
    info: { title: name, version: String(generation) },
    ...toServers(expose.hostnames),
    paths: {
      [expose.path]: {
        post: {
          operationId: name,
          requestBody: {
            required: variables.some(({ required }) => required),
            content: toJsonContent(toValuesSchema(variables)),
          },
          responses: toResponses(versions),
        },
      },
    },
    security: [{ apiKey: [] }],
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } },
    },
  }
}
