import type { ChatRequest, Tool } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

const CHOICES = { auto: undefined, none: 'NONE', required: 'REQUIRED' } as const

/** No tool can be named as the only one to call, but it can be the only one there is. */
const selectTools = ({ tools, toolChoice }: ChatRequest): readonly Tool[] => {
  if (toolChoice?.type !== 'tool') return tools
  const named = tools.filter(({ name }) => name === toolChoice.name)
  if (named.length > 0) return named
  throw new RequestFault('tool_choice', `There is no tool ${JSON.stringify(toolChoice.name)}.`)
}

/** The tools that the model may call, and whether it must: https://docs.cohere.com/docs/tools */
export const encodeTools = (request: ChatRequest) => {
  const tools = selectTools(request)
  const { type = 'auto' } = request.toolChoice ?? {}
  // A choice among no tools is refused.
  if (tools.length === 0) return {}
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters },
    })),
    tool_choice: type === 'tool' ? 'REQUIRED' : CHOICES[type],
  }
}
