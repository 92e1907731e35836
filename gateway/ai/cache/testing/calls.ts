import type { IncomingHttpHeaders } from 'node:http'
import type { Consumer } from '../../../policies/api-key/consumer-directory.ts'
import { Call } from '../../call.ts'
import type { ChatAnswer } from '../../chat/answer.ts'
import type { ChatRequest } from '../../chat/request.ts'
import { openAiCaller } from '../../dialects/openai/caller-dialect.ts'
import type { Passage } from '../../gates/gate.ts'
import type { Operation } from '../../surface.ts'

/** What a test says of a call. */
export interface TestCall {
  readonly body?: Readonly<Record<string, unknown>>
  /** In place of what the body asks. */
  readonly request?: ChatRequest
  readonly consumer?: Consumer
  readonly headers?: IncomingHttpHeaders
  readonly operation?: Operation
}

/** Asks for a text, in chat completions. */
export const toBody = (text = 'hi', others: object = {}): Readonly<Record<string, unknown>> => ({
  model: 'gpt',
  messages: [{ role: 'user', content: text }],
  ...others,
})

/** Creates a call of a consumer of the tenant `shop`. */
export const createCall = ({
  body = toBody(),
  request,
  consumer = { name: 'alice', tenant: 'shop' },
  headers = {},
  operation = 'chat',
}: TestCall = {}): Call => {
  const read = {
    model: 'gpt',
    isStream: body.stream === true,
    wantsUsage: false,
    maxTokens: undefined,
    values: body,
    toNative: () => undefined,
  }
  const surface = {
    path: '/v1/chat/completions',
    operation,
    caller: openAiCaller,
    read: () => read,
  }
  const call = new Call({ requestId: 'request-1', consumer, surface, read, headers })
  if (request) call.rewrite(request)
  return call
}

/** An answer of text. */
export const toAnswer = (text: string): ChatAnswer => ({
  id: 'answer-1',
  model: 'gpt-2026',
  parts: [{ type: 'text', text }],
  finish: 'stop',
  usage: { inputTokens: 3, outputTokens: 5 },
})

/** Lets an answer pass the gate, and all others. @returns the answer as the gate leaves it */
export const pass = async (passage: Passage, answer: ChatAnswer): Promise<unknown> => {
  const passed = await passage.leave?.(answer)
  passage.passed?.()
  return passed
}
