import { randomUUID } from 'node:crypto'
import { RESYNC } from '#config/compiled/events.ts'
import { encodeEvent } from '#lib/cloud-event.ts'
import { createHttpSink } from '#lib/http-sink.ts'
import { retry } from '#lib/retry.ts'
import { get } from './kubectl.ts'
import { NAMESPACE } from './names.ts'

const GIVE_UP_MS = 90_000

/** @returns what asks for a resync at once, in place of the next PingSource event. */
export const createResync = async () => {
  const ingress = ['-n', 'knative-eventing', 'service', 'broker-ingress']
  const { spec } = await get<{ spec: { clusterIP: string } }>(...ingress)
  const { send } = createHttpSink({ url: `http://${spec.clusterIP}/${NAMESPACE}/penstock` })
  return (): Promise<void> => {
    const event = { id: randomUUID(), type: RESYNC, source: '/test', data: {} }
    const signal = AbortSignal.timeout(GIVE_UP_MS)
    return retry(
      () => send(encodeEvent(event)),
      signal,
      () => undefined,
    )
  }
}
