import type { TestProject } from 'vitest/node'
import { deploy, type Installation, type Source } from './deploy.ts'
import { kubectl } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    installation: Installation
  }
}

/** Installs once for all cluster tests; `PENSTOCK_SOURCE` chooses `knative` or `cr-source`. */
export const setup = async (project: TestProject): Promise<void> => {
  const source: Source = process.env.PENSTOCK_SOURCE === 'cr-source' ? 'cr-source' : 'knative'
  const installation = await deploy(source)
  // What an earlier run left behind.
  await kubectl('-n', TEST_NAMESPACE, 'delete', 'apiroute,deployment,service', '--all')
  project.provide('installation', installation)
}
