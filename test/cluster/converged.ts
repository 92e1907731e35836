import { hashSpec } from '#config/compiled/fragment.ts'
import { compileRoute } from '#functions/route-compile/compile.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { apiRoutes, isProgrammed, type Route } from './client.ts'
import { RESYNC_MS, until } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'
import { createToken, readConfig, readyReplicas } from './replicas.ts'

/** Compiled from scratch: what every replica should say that it serves, by name. */
const toExpected = (routes: readonly Route[]): Map<string, string> => {
  const compiled = routes.map((route) => {
    const { name, uid, generation } = route.metadata
    const result = compileRoute(route)
    if (!result.ok) throw new Error(`${name} cannot be compiled: ${result.message}`)
    return [name, `${uid} ${generation} ${hashSpec(result.spec)}`] as const
  })
  return new Map(compiled)
}

const describeDifference = (
  expected: ReadonlyMap<string, string>,
  served: ReadonlyMap<string, string>,
): string[] => [
  ...[...expected].flatMap(([name, version]) =>
    served.get(name) === version
      ? []
      : [`${name} is ${served.get(name) ?? 'missing'}, not ${version}`],
  ),
  ...[...served.keys()].flatMap((name) => (expected.has(name) ? [] : [`${name} is too much`])),
]

/** What keeps the tests' namespace from having converged; empty when it has. */
export const findDifferences = async (client: KubeClient, token: string): Promise<string[]> => {
  const { items } = await client.list<Route>(apiRoutes, { namespace: TEST_NAMESPACE })
  const expected = toExpected(items)
  const replicas = await readyReplicas()
  if (replicas.length < 2) return [`${replicas.length} replicas are ready`]
  const differences = items
    .filter((route) => !isProgrammed(route))
    .map(({ metadata }) => `${metadata.name} is not Programmed`)
  for (const replica of replicas) {
    const { objects } = await readConfig(replica, token)
    const own = objects.filter(
      ({ kind, namespace }) => kind === 'APIRoute' && namespace === TEST_NAMESPACE,
    )
    const served = new Map(
      own.map(({ name, uid, generation, hash }) => [name, `${uid} ${generation} ${hash}`]),
    )
    differences.push(
      ...describeDifference(expected, served).map((text) => `${replica.name}: ${text}`),
    )
  }
  return differences
}

/**
 * Waits until every ready replica serves exactly the objects that exist, in their newest
 * generation, and every status says so. @throws Error with what still differs.
 */
export const untilConverged = async (client: KubeClient, timeoutMs = RESYNC_MS): Promise<void> => {
  let last: string[] = []
  const check = async (): Promise<boolean> => {
    // While the API server or a replica is away, nobody can tell.
    last = await createToken()
      .then((token) => findDifferences(client, token))
      .catch((error: Error) => [error.message])
    return last.length === 0
  }
  await until('all replicas serve all objects', check, timeoutMs).catch((cause: Error) => {
    const shown = last.slice(0, 10).join('\n')
    throw new Error(`${cause.message}; ${last.length} differences:\n${shown}`, { cause })
  })
}
