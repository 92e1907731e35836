import type { Usage } from '../../../link/model-stats.ts'
import type { Finish } from '../../chat/answer.ts'
import type { AnswerMeta } from '../../dialect.ts'
import type { ItemStatus } from './output-item.ts'
import { encodeUsage } from './usage.ts'

/** Where an answer stands. */
export interface Progress {
  /** Undefined while it is being made. */
  readonly finish: Finish | undefined
  readonly output: readonly object[]
  readonly usage: Usage | undefined
}

const INCOMPLETE: Partial<Record<Finish, string>> = {
  length: 'max_output_tokens',
  contentFilter: 'content_filter',
}

/** The status of an answer, and of the last item in it. */
export const toStatus = (finish: Finish | undefined): ItemStatus => {
  if (finish === undefined) return 'in_progress'
  return INCOMPLETE[finish] === undefined ? 'completed' : 'incomplete'
}

/**
 * The object that an answer is, and that several events of a stream hold. Official clients need the
 * members that repeat the request; those tell its defaults, for the request is not known here.
 *
 * https://platform.openai.com/docs/api-reference/responses/object
 */
export const toResponse = (meta: AnswerMeta, { finish, output, usage }: Progress): object => {
  const reason = finish && INCOMPLETE[finish]
  return {
    id: `resp_${meta.requestId}`,
    object: 'response',
    created_at: meta.createdAt,
    status: toStatus(finish),
    error: null,
    incomplete_details: reason === undefined ? null : { reason },
    instructions: null,
    metadata: {},
    model: meta.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    store: false,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    usage: encodeUsage(usage),
  }
}
