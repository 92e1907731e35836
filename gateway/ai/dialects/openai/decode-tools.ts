import { toPresent } from '../../chat/present.ts'
import type { Tool, ToolChoice } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type { CallerRequest } from './request-schema.ts'

type Definition = NonNullable<CallerRequest['functions']>[number]

/** What a request says of tools. */
export interface Tools {
  readonly tools: readonly Tool[]
  readonly toolChoice?: ToolChoice
}

const toTool = ({ name, description, parameters, strict }: Definition): Tool => ({
  name,
  ...toPresent({ description }),
  parameters: parameters ?? { type: 'object', properties: {} },
  ...toPresent({ strict }),
})

const toNamed = (param: string, name: string, tools: readonly Tool[]): Tools => {
  if (tools.some((tool) => tool.name === name)) {
    return { tools, toolChoice: { type: 'tool', name } }
  }
  throw new RequestFault(param, `'${param}' must name one of the tools.`)
}

const chooseTool = (
  choice: NonNullable<CallerRequest['tool_choice']>,
  tools: readonly Tool[],
): Tools => {
  switch (choice.type) {
    case 'function':
      return toNamed('tool_choice.function.name', choice.function.name, tools)
    case 'allowed_tools': {
      // Those that are not allowed are not offered: few APIs have words for more.
      const { mode, tools: allowed } = choice.allowed_tools
      const names = new Set(allowed.map((tool) => tool.function.name))
      return { tools: tools.filter(({ name }) => names.has(name)), toolChoice: { type: mode } }
    }
    default:
      return { tools, toolChoice: { type: choice.type } }
  }
}

const chooseFunction = (
  choice: NonNullable<CallerRequest['function_call']>,
  tools: readonly Tool[],
): Tools =>
  'name' in choice
    ? toNamed('function_call.name', choice.name, tools)
    : { tools, toolChoice: { type: choice.type } }

const choose = (request: CallerRequest, tools: readonly Tool[]): Tools => {
  if (request.tool_choice) return chooseTool(request.tool_choice, tools)
  return request.function_call ? chooseFunction(request.function_call, tools) : { tools }
}

/** Reads the tools, and which of them the model shall call; `functions` is their older form. */
export const decodeTools = (request: CallerRequest): Tools => {
  const definitions = (request.tools ?? []).map((tool) => tool.function)
  const chosen = choose(request, [...definitions, ...(request.functions ?? [])].map(toTool))
  if (chosen.tools.length > 0) return chosen
  if (chosen.toolChoice?.type !== 'required') return { tools: [] }
  throw new RequestFault('tool_choice', "'tool_choice' requires tools, and there are none.")
}
