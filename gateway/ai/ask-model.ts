import { randomUUID } from 'node:crypto'
import type { LinkedModel } from '../link/linked-model.ts'
import type { Outcome } from '../link/model-stats.ts'
import { startDeadline } from '../proxy/deadline-timer.ts'
import type { AiContext } from './ai-context.ts'
import { Call } from './call.ts'
import { CallAccount } from './call-account.ts'
import { openAiCaller } from './dialects/openai/caller-dialect.ts'
import { openAiEmbeddingsCaller } from './dialects/openai/embeddings-caller.ts'
import { ModelTries } from './model-tries.ts'
import type { ReadAnswer } from './prepared-call.ts'
import type { Operation, Surface } from './surface.ts'

/** A question of the gateway's own. */
export interface Question {
  /** As a caller of OpenAI's API would put it. */
  readonly values: Readonly<Record<string, unknown>>
  readonly operation: Operation
  readonly timeoutMs: number
  /** Aborted when nobody wants to know any more. */
  readonly signal?: AbortSignal | undefined
}

/** Who asks. */
const GATEWAY = { name: 'penstock' }

const toSurface = (operation: Operation): Surface => ({
  path: '',
  operation,
  caller: openAiCaller,
  embeddings: openAiEmbeddingsCaller,
  read: () => {
    throw new Error('no body is read')
  },
})

const toCall = ({ values, operation }: Question, { fragment }: LinkedModel): Call => {
  const read = {
    model: fragment.name,
    isStream: false,
    wantsUsage: false,
    maxTokens: undefined,
    values,
    toNative: () => undefined,
  }
  const surface = toSurface(operation)
  return new Call({ requestId: randomUUID(), consumer: GATEWAY, surface, read, headers: {} })
}

/**
 * Asks a model for the gateway itself: it passes no gates, and counts like any call.
 * @throws Error when there is no answer, in time or at all
 */
export const askModel = (
  context: AiContext,
  model: LinkedModel,
  question: Question,
): Promise<ReadAnswer> => {
  const call = toCall(question, model)
  const { namespace, name } = model.fragment
  const account = new CallAccount(context, call, `${namespace}/${name}`)
  const { promise, resolve, reject } = Promise.withResolvers<ReadAnswer>()
  const fail = (why: string): void => reject(new Error(`${name} gave no answer: ${why}`))
  const retry = { attempts: 0, backoffMs: 0 }
  const tries = new ModelTries(
    { context, call, account, retry },
    {
      hasBegun: false,
      onEvents: () => undefined,
      onStreamEnd: () => fail('it streams'),
      onAnswer(answer) {
        account.close('ok', undefined)
        resolve(answer)
      },
      onLocalAnswer: () => fail('it was not asked'),
      onRefused(status) {
        account.close('refused', undefined)
        fail(`status ${status}`)
      },
      onCrash(error) {
        account.close('failed', 'internal_error')
        reject(error)
      },
      onFailed({ cause }) {
        account.close('failed', cause)
        fail(cause)
      },
    },
  )
  const giveUp = (outcome: Outcome, why: string): void => {
    tries.abort(outcome)
    account.close(outcome, why)
    fail(why)
  }
  const { signal, timeoutMs } = question
  const cancel = startDeadline(context.deadlines, timeoutMs, () => giveUp('timeout', 'too late'))
  const leave = (): void => giveUp('client_left', 'nobody waits')
  signal?.addEventListener('abort', leave, { once: true })
  try {
    tries.start([model])
  } catch (error) {
    reject(error)
  }
  return promise.finally(() => {
    cancel()
    signal?.removeEventListener('abort', leave)
  })
}
