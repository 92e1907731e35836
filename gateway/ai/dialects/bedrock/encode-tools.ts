import type { ChatRequest, Tool, ToolChoice } from '../../chat/request.ts'
import { toOutputSchema } from '../claude/output-schema.ts'

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html */
const encodeTool = ({ name, description, parameters, strict }: Tool): object => {
  const schema = { type: 'object', ...parameters }
  const json = strict ? toOutputSchema(schema, 'tools') : schema
  return {
    toolSpec: {
      name,
      ...(description?.trim() && { description }),
      inputSchema: { json },
      ...(strict && { strict }),
    },
  }
}

/** Stands where there must be a tool, and the model must call none. */
const NO_TOOL = {
  toolSpec: {
    name: 'no_tool',
    description: 'Does nothing. Never call it: there are no tools now.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
}

const encodeChoice = (choice: ToolChoice): object => {
  if (choice.type === 'tool') return { tool: { name: choice.name } }
  return choice.type === 'required' ? { any: {} } : { auto: {} }
}

const hasToolTalk = ({ messages }: ChatRequest): boolean =>
  messages.some(
    (message) =>
      message.role === 'tool' ||
      (message.role === 'assistant' && message.parts.some(({ type }) => type === 'toolCall')),
  )

/**
 * There is no choice of no tool, so the tools are left out then. But Bedrock refuses calls and
 * results of tools within a conversation that comes without tools: it gets one not to be called.
 *
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html
 *
 * @throws RequestFault for a schema that cannot be said
 */
export const encodeTools = (request: ChatRequest): object => {
  const { tools, toolChoice } = request
  if (tools.length === 0 || toolChoice?.type === 'none') {
    return hasToolTalk(request) ? { toolConfig: { tools: [NO_TOOL] } } : {}
  }
  return {
    toolConfig: {
      tools: tools.map(encodeTool),
      ...(toolChoice && { toolChoice: encodeChoice(toolChoice) }),
    },
  }
}
