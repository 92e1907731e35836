import type { OutputFormat } from '../../chat/request.ts'
import { toOutputSchema } from '../claude/output-schema.ts'

/**
 * The subset of schemas is that of Anthropic's own API.
 *
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputConfig.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
 */
export const encodeOutput = (output: OutputFormat | undefined): object => {
  if (output?.type !== 'schema') return {}
  const { name, description, schema } = output
  const jsonSchema = {
    name,
    ...(description && { description }),
    schema: JSON.stringify(toOutputSchema(schema, 'response_format')),
  }
  return { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } }
}
