import type { ChatRequest, ToolChoice } from '../../chat/request.ts'

const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const

const encodeToolChoice = (choice: ToolChoice) =>
  choice.type === 'tool'
    ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
    : { mode: MODES[choice.type] }

/**
 * The functions that the model may call, and whether it must:
 * https://ai.google.dev/api/caching#FunctionDeclaration
 */
export const encodeTools = ({ tools, toolChoice }: ChatRequest) => {
  // A choice among no functions is refused.
  if (tools.length === 0) return {}
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    description,
    // Plain JSON schema; `parameters` would be a subset of OpenAPI's.
    parametersJsonSchema: parameters,
  }))
  return {
    tools: [{ functionDeclarations }],
    toolConfig: toolChoice && { functionCallingConfig: encodeToolChoice(toolChoice) },
  }
}
