import type { CompiledBackend, CompiledRoute } from '#config/compiled/api-route.ts'
import type { Problem } from '#config/compiled/events.ts'
import type { FragmentOf } from '#config/compiled/fragment.ts'
import { createWeightedPick } from '../policies/balance/pick-backend.ts'
import { type Cors, createCors } from '../policies/cors/cors.ts'
import { createHeaderEditor } from '../policies/headers/edit-headers.ts'
import { createSampler } from '../policies/mirror/sample.ts'
import { createRedirect } from '../policies/redirect/redirect.ts'
import { createRetryPolicy, type RetryPolicy } from '../policies/retry/retry.ts'
import { createPathModifier, type PathModifier } from '../policies/rewrite/rewrite-path.ts'
import { type Address, type AddressBook, toServiceKey } from './address-book.ts'
import type { Linked } from './kind-table.ts'
import { createRouteStats, type RouteStats } from './route-stats.ts'

export interface Mirror {
  readonly address: Address
  isSampled(): boolean
}

export type RouteFragment = FragmentOf<'APIRoute'>

/**
 * A route with everything prepared that a request needs. Of what could not be resolved, its share
 * of the requests is answered with 500.
 */
export interface LinkedRoute extends Linked<RouteFragment> {
  readonly stats: RouteStats
  readonly timeouts: CompiledRoute['timeouts']
  readonly redirect: ReturnType<typeof createRedirect> | undefined
  readonly cors: Cors | undefined
  readonly rewritePath: PathModifier | undefined
  readonly rewriteHost: string | undefined
  readonly editRequest: ReturnType<typeof createHeaderEditor>
  readonly editResponse: ReturnType<typeof createHeaderEditor>
  readonly mirrors: readonly Mirror[]
  readonly retry: RetryPolicy | undefined
  /** @returns undefined for the share of the requests that has no valid backend. */
  pick(): Address | undefined
}

const toServiceKeys = (namespace: string, backends: readonly CompiledBackend[]): string[] =>
  backends.flatMap((backend) =>
    backend.kind === 'URL' ? [] : [toServiceKey(backend.kind, namespace, backend.name)],
  )

const isSpecSame = (before: LinkedRoute | undefined, fragment: RouteFragment): boolean =>
  before?.fragment.uid === fragment.uid && before.fragment.hash === fragment.hash

/**
 * Prepares a fragment for serving.
 * @param before what was served under this key, whose counters and retry budget live on
 * @throws Error when a value cannot be used, such as a header name that is none
 */
export const linkRoute = (
  fragment: RouteFragment,
  addresses: AddressBook,
  before: LinkedRoute | undefined,
): LinkedRoute => {
  const { spec, namespace } = fragment
  const problems: Problem[] = []
  const resolve = (backend: CompiledBackend): Address | undefined => {
    const resolution = addresses.resolve(namespace, backend)
    if (!('problem' in resolution)) return resolution
    problems.push(resolution.problem)
    return undefined
  }
  const backends = spec.backends.map(({ weight, backend }) => ({ weight, value: resolve(backend) }))
  const mirrors = spec.mirrors.flatMap(({ backend, percent }) => {
    const address = resolve(backend)
    return address ? [{ address, isSampled: createSampler(percent, Math.random) }] : []
  })
  const newRetry = () =>
    spec.retry && createRetryPolicy(spec.retry, () => performance.now(), Math.random)
  return {
    fragment,
    problems,
    refs: toServiceKeys(
      namespace,
      [...spec.backends, ...spec.mirrors].map(({ backend }) => backend),
    ),
    stats: before?.stats ?? createRouteStats(),
    timeouts: spec.timeouts,
    redirect: spec.redirect && createRedirect(spec.redirect),
    cors: spec.cors && createCors(spec.cors),
    rewritePath: createPathModifier(spec.rewrite?.path),
    rewriteHost: spec.rewrite?.hostname,
    editRequest: createHeaderEditor(spec.requestHeaders),
    editResponse: createHeaderEditor(spec.responseHeaders),
    mirrors,
    retry: isSpecSame(before, fragment) ? before?.retry : newRetry(),
    pick: createWeightedPick(backends, Math.random),
  }
}
