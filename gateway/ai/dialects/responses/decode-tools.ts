import { z } from 'zod'
import { toPresent } from '../../chat/present.ts'
import { readField } from '../../chat/read-field.ts'
import type { Tool, ToolChoice } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

const typed = z.object({ type: z.string() })
const tool = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
})

const decodeTool = (value: unknown, param: string): Tool => {
  const { type } = readField(typed, value, param)
  if (type !== 'function') {
    const message = `'${param}.type' must be function: this model has no tools of OpenAI.`
    throw new RequestFault(`${param}.type`, message)
  }
  const { name, description, parameters, strict } = readField(tool, value, param)
  return {
    name,
    // Without any, it takes no arguments.
    parameters: parameters ?? { type: 'object', properties: {} },
    ...toPresent({ description, strict }),
  }
}

/** What a request says of tools. */
export interface Tools {
  readonly tools: readonly Tool[]
  readonly toolChoice?: ToolChoice
}

const mode = z.enum(['auto', 'none', 'required'])
const choiceTyped = z.object({ type: z.enum(['function', 'allowed_tools']) })
const named = z.object({ name: z.string() })
const allowed = z.object({
  mode: z.enum(['auto', 'required']),
  tools: z.array(z.object({ type: z.enum(['function']), name: z.string() })),
})

const choose = (choice: unknown, tools: readonly Tool[]): Tools => {
  if (choice === undefined || choice === null) return { tools }
  if (typeof choice === 'string') {
    return { tools, toolChoice: { type: readField(mode, choice, 'tool_choice') } }
  }
  if (readField(choiceTyped, choice, 'tool_choice').type === 'allowed_tools') {
    // Those that are not allowed are not offered: no other API has words for it.
    const { mode: type, tools: list } = readField(allowed, choice, 'tool_choice')
    const names = new Set(list.map(({ name }) => name))
    return { tools: tools.filter(({ name }) => names.has(name)), toolChoice: { type } }
  }
  const { name } = readField(named, choice, 'tool_choice')
  if (tools.some((known) => known.name === name))
    return { tools, toolChoice: { type: 'tool', name } }
  throw new RequestFault('tool_choice.name', "'tool_choice.name' must name one of the tools.")
}

/** Reads the functions that the model may call, and which of them it shall. @throws RequestFault */
export const decodeTools = (values: unknown, choice: unknown): Tools => {
  const list = readField(z.array(z.unknown()).nullish(), values, 'tools') ?? []
  const chosen = choose(
    choice,
    list.map((value, index) => decodeTool(value, `tools[${index}]`)),
  )
  if (chosen.tools.length > 0) return chosen
  if (chosen.toolChoice?.type !== 'required') return { tools: [] }
  throw new RequestFault('tool_choice', "'tool_choice' requires tools, and there are none.")
}
