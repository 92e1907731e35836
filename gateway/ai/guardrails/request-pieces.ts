import type { ChatRequest, OutputFormat, Tool } from '../chat/request.ts'
import { type Piece, type Rewrite, rewriteMessages, rewritePiece } from './pieces.ts'

type Schema = Tool['parameters']

const ROLE = 'system'

const toPiece = (text: string): Piece => ({ text, role: ROLE })

const rewriteSchema = (schema: Schema, rewrite: Rewrite): Schema => {
  const text = JSON.stringify(schema)
  const rewritten = rewritePiece({ text, role: ROLE, form: 'schema' }, rewrite)
  return rewritten === text ? schema : JSON.parse(rewritten)
}

interface Described {
  readonly name: string
  readonly description?: string
}

/** Calls and answers go by the name. */
const rewriteDescribed = <Shape extends Described>(described: Shape, rewrite: Rewrite): Shape => {
  const { name, description } = described
  rewritePiece({ text: name, role: ROLE, form: 'fixed' }, rewrite)
  if (description === undefined) return described
  return { ...described, description: rewritePiece(toPiece(description), rewrite) }
}

const rewriteTool = (tool: Tool, rewrite: Rewrite): Tool => ({
  ...rewriteDescribed(tool, rewrite),
  parameters: rewriteSchema(tool.parameters, rewrite),
})

const rewriteOutput = (output: OutputFormat, rewrite: Rewrite): OutputFormat =>
  output.type === 'json'
    ? output
    : {
        ...rewriteDescribed(output, rewrite),
        schema: rewriteSchema(output.schema, rewrite),
      }

/**
 * Rewrites every text that leaves with a request. What stays the same while a conversation goes on
 * comes first, and so has the same masks each time.
 */
export const rewriteRequest = (request: ChatRequest, rewrite: Rewrite): ChatRequest => {
  const { output, stop = [], user } = request
  const tools = request.tools.map((tool) => rewriteTool(tool, rewrite))
  const format = output && rewriteOutput(output, rewrite)
  for (const text of stop) rewritePiece({ text, role: ROLE, form: 'fixed' }, rewrite)
  const messages = rewriteMessages(request.messages, rewrite)
  const rewrittenUser = user === undefined ? undefined : rewritePiece(toPiece(user), rewrite)
  return {
    ...request,
    messages,
    tools,
    ...(format && { output: format }),
    ...(rewrittenUser !== undefined && { user: rewrittenUser }),
  }
}
