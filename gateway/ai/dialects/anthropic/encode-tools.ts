import type { ChatRequest, Tool, ToolChoice } from '../../chat/request.ts'
import { toOutputSchema } from '../claude/output-schema.ts'

const encodeTool = ({ name, description, parameters, strict }: Tool): object => ({
  name,
  ...(description !== undefined && { description }),
  // The type is demanded, and left out where a tool has no arguments.
  input_schema: { type: 'object', ...(strict ? toOutputSchema(parameters, 'tools') : parameters) },
  ...(strict && { strict }),
})

const encodeChoice = (choice: ToolChoice): object => {
  switch (choice.type) {
    case 'required':
      return { type: 'any' }
    case 'tool':
      return { type: 'tool', name: choice.name }
    default:
      return { type: choice.type }
  }
}

const encodeToolChoice = ({ toolChoice, parallelToolCalls }: ChatRequest): object | undefined => {
  if (parallelToolCalls !== false || toolChoice?.type === 'none') {
    return toolChoice && encodeChoice(toolChoice)
  }
  const choice = encodeChoice(toolChoice ?? { type: 'auto' })
  return { ...choice, disable_parallel_tool_use: true }
}

/** The tools of a request; nothing where it has none, for a choice among none is refused. */
export const encodeTools = (request: ChatRequest): object => {
  if (request.tools.length === 0) return {}
  const choice = encodeToolChoice(request)
  return { tools: request.tools.map(encodeTool), ...(choice && { tool_choice: choice }) }
}
