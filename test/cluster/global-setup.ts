import type { TestProject } from 'vitest/node'
import { apiRoutes, connect, isProgrammed, type Route } from './client.ts'
import { deploy, type Installation, type Source } from './deploy.ts'
import { toGenerationRoute } from './generation-route.ts'
import { kubectl, until } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    installation: Installation
  }
}

/** The resync comes every minute. */
const FOLLOWED_MS = 150_000
const PROBE = 'setup-probe'

/** A source that has just started again may not have seen the first edits; then it does see them. */
const untilFollowed = async (): Promise<void> => {
  const client = connect()
  await client.create(apiRoutes, toGenerationRoute(PROBE))
  const ref = { namespace: TEST_NAMESPACE, name: PROBE }
  await until(
    'an edit is followed',
    async () => isProgrammed(await client.get<Route>(apiRoutes, ref)),
    FOLLOWED_MS,
  )
  await client.delete(apiRoutes, ref)
  await client.close()
}

/** Installs once for all cluster tests; `PENSTOCK_SOURCE` chooses `knative` or `cr-source`. */
export const setup = async (project: TestProject): Promise<void> => {
  const source: Source = process.env.PENSTOCK_SOURCE === 'cr-source' ? 'cr-source' : 'knative'
  const installation = await deploy(source)
  // What an earlier run left behind.
  await kubectl('-n', TEST_NAMESPACE, 'delete', 'apiroute,deployment,service', '--all')
  await untilFollowed()
  project.provide('installation', installation)
}
