import type { z } from 'zod'
import { type Completion, compose, type Prompt } from './completion.ts'
import { type Operation, type StreamReply, toOkReply } from './dialect.ts'
import { isObject } from './json.ts'

/** A completion with all that a dialect needs to write it down. */
export interface Said<Request> extends Completion {
  readonly request: Request
  readonly model: string
  readonly seed: string
  readonly query: URLSearchParams
}

/** A dialect's way to ask a model and to be answered. */
export interface ChatDefinition<Request> {
  readonly schema: z.ZodType<Request>
  toPrompt(request: Request): Prompt
  isStream(request: Request): boolean
  toDocument(said: Said<Request>): object
  toStream(said: Said<Request>): StreamReply
}

export const defineChat =
  <Request>(chat: ChatDefinition<Request>): Operation =>
  ({ body, pathModel, seed, query }) => {
    const request = chat.schema.parse(body)
    const prompt = chat.toPrompt(request)
    const model = pathModel || (isObject(body) ? String(body.model) : '')
    return {
      model,
      reply(twist) {
        const said = { ...compose(prompt, twist), request, model, seed, query }
        return chat.isStream(request) ? chat.toStream(said) : toOkReply(chat.toDocument(said))
      },
    }
  }
