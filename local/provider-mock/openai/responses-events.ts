import { type StreamReply, toTypedEvent } from '../dialect.ts'
import { sse } from '../sse.ts'
import { toFragments, toPieces } from '../text.ts'
import { STREAM_ERROR } from './error.ts'
import type { OutputItem, ResponseObject } from './responses.ts'

type Step = readonly [type: string, data: object]

/** https://platform.openai.com/docs/api-reference/responses-streaming */
export const toResponsesStream = (response: ResponseObject, text: string): StreamReply => {
  const [item] = response.output
  const nothing = { incomplete_details: null, output: [], usage: null }
  const begun = { ...response, ...nothing, status: 'in_progress' }
  const error = { ...STREAM_ERROR, code: 'server_error' }
  const failed = { ...begun, status: 'failed', error: { code: error.code, message: error.message } }
  const steps: Step[] = [
    ['created', { response: begun }],
    ['in_progress', { response: begun }],
    ['output_item.added', { output_index: 0, item: toBegun(item) }],
    ...(item.type === 'message' ? toTextSteps(item, text) : toCallSteps(item)),
    ['output_item.done', { output_index: 0, item }],
    [response.status, { response }],
  ]
  return {
    framing: sse,
    events: steps.map(([type, data], index) => toNumbered(`response.${type}`, index, data)),
    errorEvents: (after) => [
      toNumbered('error', after, { error }),
      toNumbered('response.failed', after + 1, { response: failed }),
    ],
  }
}

const toNumbered = (type: string, sequence_number: number, data: object) =>
  toTypedEvent(type, { ...data, sequence_number })

const toBegun = (item: OutputItem): object => ({
  ...item,
  status: 'in_progress',
  ...(item.type === 'message' ? { content: [] } : { arguments: '' }),
})

const toTextSteps = (item: OutputItem & { type: 'message' }, text: string): Step[] => {
  const place = { item_id: item.id, output_index: 0, content_index: 0 }
  const [part] = item.content
  const deltas = toPieces(text).map((delta) => ({ ...place, delta, logprobs: [] }))
  return [
    ['content_part.added', { ...place, part: { ...part, text: '' } }],
    ...deltas.map((delta): Step => ['output_text.delta', delta]),
    ['output_text.done', { ...place, text, logprobs: [] }],
    ['content_part.done', { ...place, part }],
  ]
}

const toCallSteps = (item: OutputItem & { type: 'function_call' }): Step[] => {
  const place = { item_id: item.id, output_index: 0 }
  const deltas = toFragments(item.arguments).map((delta) => ({ ...place, delta }))
  return [
    ...deltas.map((delta): Step => ['function_call_arguments.delta', delta]),
    ['function_call_arguments.done', { ...place, arguments: item.arguments }],
  ]
}
