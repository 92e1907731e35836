import { COMPILED, compiledBatch, PROGRAMMED, programmed } from '#config/compiled/events.ts'
import { toResourceType } from '#config/kinds/common.ts'
import { kinds } from '#config/kinds/kinds.ts'
import type { Event } from '#lib/cloud-event.ts'
import { retry } from '#lib/retry.ts'
import { createFunctionApp } from '../runtime/app.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import { InvalidEvent } from '../runtime/invalid-event.ts'
import { isResync } from '../runtime/object-hint.ts'
import type { RunningApp } from '../runtime/serve.ts'
import type { FollowReplicas } from './endpoints.ts'
import { createStatusKeeper, type StatusKeeper } from './status-keeper.ts'

export interface StatusUpdateDeps extends FunctionDeps {
  readonly followReplicas: FollowReplicas
}

const take = async (keeper: StatusKeeper, event: Event): Promise<void> => {
  if (isResync(event)) return keeper.resync()
  if (event.type === COMPILED) {
    const batch = compiledBatch.safeParse(event.data)
    if (!batch.success) throw new InvalidEvent('data of a compiled event', { cause: batch.error })
    return keeper.compiled(batch.data.objects)
  }
  const report = programmed.safeParse(event.data)
  if (event.type !== PROGRAMMED || !report.success) {
    throw new InvalidEvent(`event of type ${event.type}`, { cause: report.error })
  }
  return keeper.programmed(report.data)
}

/** Writes the conditions of every kind; one instance at a time, for it keeps what it heard. */
export const createApp = (deps: StatusUpdateDeps): RunningApp => {
  const { client, log, registry } = deps
  const types = kinds.map(toResourceType)
  const keeper = createStatusKeeper({ client, types, log, token: deps.token })
  const abort = new AbortController()
  let ready = false
  let replicas: ReturnType<FollowReplicas> | undefined

  const begin = async (): Promise<void> => {
    replicas = deps.followReplicas((ready) => keeper.setReplicas(ready))
    await replicas.synced
    // What is heard from now on finds its way; a silent replica must not hold up the others.
    ready = true
    await retry(
      () => keeper.resync(),
      abort.signal,
      (error) => {
        log.warn({ err: error }, 'resync failed')
      },
    )
  }

  return {
    app: createFunctionApp({
      handle: async (event) => {
        await take(keeper, event)
        return undefined
      },
      isReady: () => ready,
      log,
      registry,
    }),
    start: () => void begin(),
    async stop() {
      abort.abort()
      await replicas?.stop()
      await keeper.stop()
    },
  }
}
