import { startDeadline } from '../proxy/deadline-timer.ts'
import type { UpstreamTarget } from '../upstream/http1/contract.ts'
import type { AiContext } from './ai-context.ts'
import { createBodyCollector } from './body-collector.ts'

export interface JsonPost {
  readonly target: UpstreamTarget
  /** The host header. */
  readonly host: string
  readonly path: string
  readonly body: object
  readonly timeoutMs: number
  /** Aborted when nobody wants to know any more. */
  readonly signal?: AbortSignal | undefined
}

const MAX_BYTES = 8 << 20

/** Posts JSON. @returns what comes back, parsed. @throws Error for anything but 200 and JSON in time */
export const postJson = (
  { client, deadlines }: Pick<AiContext, 'client' | 'deadlines'>,
  { target, host, path, body, timeoutMs, signal }: JsonPost,
): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const answer = createBodyCollector(MAX_BYTES)
  let status = 0
  const finish = (): void => {
    try {
      if (status !== 200) throw new Error(`status ${status}`)
      resolve(JSON.parse(answer.toBuffer().toString()))
    } catch (error) {
      reject(error)
    }
  }
  const fail = (why: string): void => {
    exchange.abort()
    reject(new Error(why))
  }
  const headers = ['host', host, 'content-type', 'application/json', 'user-agent', 'penstock']
  const text = Buffer.from(JSON.stringify(body))
  const exchange = client.send(
    target,
    { method: 'POST', path, headers, body: text },
    {
      onHead: (head) => {
        status = head
      },
      onData(chunk) {
        if (!answer.add(chunk)) fail('the answer is too large')
      },
      onEnd: finish,
      onError: reject,
    },
  )
  const cancel = startDeadline(deadlines, timeoutMs, () => fail('no answer in time'))
  const leave = (): void => fail('nobody waits')
  signal?.addEventListener('abort', leave, { once: true })
  return promise.finally(() => {
    cancel()
    signal?.removeEventListener('abort', leave)
  })
}
