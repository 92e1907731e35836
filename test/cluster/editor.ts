import { setTimeout as sleep } from 'node:timers/promises'
import { forEachLimited } from '#lib/for-each.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { isAlreadyExists, KubeError } from '#lib/kube/error.ts'
import { apiRoutes, isProgrammed, type Route } from './client.ts'
import { toGenerationRoute } from './generation-route.ts'
import { until } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'

export interface EditorOptions {
  readonly client: KubeClient
  /** First part of the name of every route that is made here. */
  readonly prefix: string
  /** Routes that stay, and are changed: traffic may ask for them at any time. */
  readonly routes: number
}

export interface Pace {
  /** Edits under way at once, of different objects. */
  readonly clients: number
  /** Default: as fast as the API server answers. */
  readonly perSecond?: number
}

/** Edits routes at random: changes those that stay, creates and deletes others beside them. */
export interface Editor {
  /** Names of the routes that stay. */
  readonly names: readonly string[]
  readonly edits: number
  /** Creates the routes that stay and waits until they are served. */
  begin(): Promise<void>
  /** Edits until told that it is enough. Outages of the API server are waited out. */
  edit(isEnough: (edits: number) => boolean, pace: Pace): Promise<void>
}

const MAX_OUTAGE_MS = 120_000
const RETRY_MS = 100

/** Tries again while the API server is away; an edit may then be repeated. */
export const insist = async <T>(call: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + MAX_OUTAGE_MS
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const later = error instanceof KubeError && error.retryable && performance.now() < deadline
      if (!later) throw error
      await sleep(RETRY_MS)
    }
  }
}

/** Deletes every route of the tests' namespace, one by one: a collection takes too long to answer. */
export const deleteAllRoutes = async (client: KubeClient): Promise<void> => {
  const select = { namespace: TEST_NAMESPACE, metadataOnly: true }
  const { items } = await insist(() => client.list<Route>(apiRoutes, select))
  await forEachLimited(items, 16, ({ metadata: { name } }) =>
    insist(() => client.delete(apiRoutes, { namespace: TEST_NAMESPACE, name })),
  )
}

export const createEditor = ({ client, prefix, routes }: EditorOptions): Editor => {
  const names = Array.from({ length: routes }, (_, index) => `${prefix}-${index}`)
  const generations = new Map(names.map((name) => [name, 1]))
  const extra: string[] = []
  let created = 0
  let edits = 0

  const create = async (name: string): Promise<void> => {
    await insist(() => client.create(apiRoutes, toGenerationRoute(name))).catch((error) => {
      if (!isAlreadyExists(error)) throw error // an outage hid the answer
    })
  }

  const change = async (name: string): Promise<void> => {
    const generation = (generations.get(name) ?? 0) + 1
    generations.set(name, generation)
    const { spec } = toGenerationRoute(name, generation)
    const ref = { namespace: TEST_NAMESPACE, name }
    const { metadata } = await insist(() => client.patch(apiRoutes, ref, { spec }))
    if (metadata.generation !== generation) {
      throw new Error(`${name}: generation ${metadata.generation}, not ${generation}`)
    }
  }

  /** Of ten edits, six change what stays, two create and two delete. */
  const editOnce = async (own: readonly string[]): Promise<void> => {
    const dice = Math.random() * 10
    const victim = dice >= 8 ? extra.shift() : undefined
    if (victim !== undefined) {
      await insist(() => client.delete(apiRoutes, { namespace: TEST_NAMESPACE, name: victim }))
    } else if (dice >= 6) {
      const name = `${prefix}-extra-${created++}`
      await create(name)
      extra.push(name)
    } else {
      await change(own[Math.floor(Math.random() * own.length)] ?? '')
    }
    edits += 1
  }

  return {
    names,
    get edits() {
      return edits
    },
    async begin() {
      await Promise.all(names.map(create))
      await until('the routes are served', async () => {
        const { items } = await client.list<Route>(apiRoutes, { namespace: TEST_NAMESPACE })
        return items.filter(isProgrammed).length === items.length && items.length >= routes
      })
    },
    async edit(isEnough, { clients, perSecond = Number.POSITIVE_INFINITY }) {
      const work = async (worker: number): Promise<void> => {
        const own = names.filter((_, index) => index % clients === worker)
        for (let dueAt = performance.now(); !isEnough(edits); ) {
          await editOnce(own)
          dueAt += (clients / perSecond) * 1000
          const waitMs = dueAt - performance.now()
          if (waitMs > 0) await sleep(waitMs)
          else dueAt = performance.now()
        }
      }
      await Promise.all(Array.from({ length: clients }, (_, worker) => work(worker)))
    },
  }
}
