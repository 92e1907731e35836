import type { KubeClient } from '#lib/kube/client.ts'
import { startReflector } from '#lib/kube/reflector.ts'
import { apiRoutes, type Route } from './client.ts'
import { TEST_NAMESPACE } from './names.ts'

/** What a watch showed of the tests' routes, as it came. */
export interface RouteLog {
  /** The newest state, by name. */
  readonly routes: ReadonlyMap<string, Route>
  /** How often the status was written since the start, by `<uid> <generation>`. */
  readonly statusWrites: ReadonlyMap<string, number>
  /** Resolves with the first state, from now on, that will do. @throws Error after `timeoutMs`. */
  find(name: string, isIt: (route: Route) => boolean, timeoutMs?: number): Promise<Route>
  stop(): Promise<void>
}

const isStatusWrite = (before: Route | undefined, after: Route): boolean =>
  before?.metadata.uid === after.metadata.uid &&
  before?.metadata.generation === after.metadata.generation &&
  JSON.stringify(before?.status) !== JSON.stringify(after.status)

/** Watches the routes of the tests' namespace: faster than asking, and it sees every write. */
export const watchRoutes = async (client: KubeClient): Promise<RouteLog> => {
  const routes = new Map<string, Route>()
  const statusWrites = new Map<string, number>()
  const waiting = new Set<(route: Route) => void>()

  const put = (route: Route): void => {
    const { name, uid, generation } = route.metadata
    const key = `${uid} ${generation}`
    if (isStatusWrite(routes.get(name), route)) {
      statusWrites.set(key, (statusWrites.get(key) ?? 0) + 1)
    }
    routes.set(name, route)
    for (const tell of waiting) tell(route)
  }

  const reflector = startReflector<Route>({
    client,
    type: apiRoutes,
    select: { namespace: TEST_NAMESPACE },
    onReplace: (list) => list.forEach(put),
    onChange: put,
    onDelete: ({ metadata }) => routes.delete(metadata.name),
    onError: () => undefined,
  })
  await reflector.synced

  return {
    routes,
    statusWrites,
    stop: reflector.stop,
    find(name, isIt, timeoutMs = 30_000) {
      const now = routes.get(name)
      if (now && isIt(now)) return Promise.resolve(now)
      const { promise, resolve, reject } = Promise.withResolvers<Route>()
      const tell = (route: Route): void => {
        if (route.metadata.name === name && isIt(route)) resolve(route)
      }
      waiting.add(tell)
      const timer = setTimeout(() => {
        const seen = JSON.stringify(routes.get(name)?.status)
        reject(new Error(`${name}: not within ${timeoutMs} ms, status ${seen}`))
      }, timeoutMs)
      return promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(tell)
      })
    },
  }
}
