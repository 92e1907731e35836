import type { Completion } from '../completion.ts'
import { defineChat, type Said } from '../define-chat.ts'
import { CREATED } from '../dialect.ts'
import { toResponsesStream } from './responses-events.ts'
import { type ResponsesRequest, responsesRequest, toPrompt } from './responses-request.ts'

/** The one thing a response consists of: a message or a call. */
export type OutputItem = ReturnType<typeof toItem>
export type ResponseObject = ReturnType<typeof toResponse>

/** What is the same in every response that did not ask for anything else. */
const FIXED = { background: false, error: null, previous_response_id: null, user: null }
const DEFAULTS = { temperature: 1, top_p: 1, tools: [], tool_choice: 'auto', metadata: {} }

const toItem = ({ text, call, finish, seed }: Said<ResponsesRequest>) => {
  const status = finish === 'length' ? 'incomplete' : 'completed'
  if (call) {
    const told = { arguments: call.json, call_id: `call_${seed}`, name: call.name }
    return { id: `fc_${seed}`, type: 'function_call', status, ...told } as const
  }
  const content = [{ type: 'output_text', annotations: [], logprobs: [], text }] as const
  return { id: `msg_${seed}`, type: 'message', status, role: 'assistant', content } as const
}

const toUsage = ({ usage }: Completion) =>
  usage && {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  }

const toResponse = (said: Said<ResponsesRequest>) => {
  const { request, finish, model, seed } = said
  const isCut = finish === 'length'
  const { temperature, top_p, tools, tool_choice, metadata } = { ...DEFAULTS, ...request }
  return {
    ...FIXED,
    id: `resp_${seed}`,
    object: 'response',
    created_at: CREATED,
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model,
    output: [toItem(said)] as const,
    parallel_tool_calls: true,
    service_tier: 'default',
    store: true,
    text: { format: { type: 'text' }, ...request.text },
    ...{ temperature, top_p, tools, tool_choice, metadata },
    usage: toUsage(said),
  }
}

/** POST /v1/responses */
export const responses = defineChat({
  schema: responsesRequest,
  toPrompt,
  isStream: ({ stream }) => stream === true,
  toDocument: toResponse,
  toStream: (said) => toResponsesStream(toResponse(said), said.text),
})
