import type { CompiledRetry, CompiledRoute } from '#config/compiled/api-route.ts'
import { type ApiRouteSpec, apiRoute } from '#config/kinds/api-route.ts'
import { compileDuration } from '../runtime/compile-duration.ts'
import { FieldError } from '../runtime/field-error.ts'
import { createSpecCompiler } from '../runtime/spec-compiler.ts'
import { compileBackend } from './backends.ts'
import { compileFilters } from './filters.ts'
import { compileMatches } from './matches.ts'

const DEFAULT_REQUEST = '60s'

const compileTimeouts = (
  timeouts: NonNullable<ApiRouteSpec['timeouts']>,
): CompiledRoute['timeouts'] => {
  const { request = DEFAULT_REQUEST, backendRequest = '0s' } = timeouts
  return {
    requestMs: compileDuration(request, 'spec.timeouts.request'),
    backendRequestMs: compileDuration(backendRequest, 'spec.timeouts.backendRequest'),
  }
}

const compileRetry = (retry: NonNullable<ApiRouteSpec['retry']>): CompiledRetry => ({
  attempts: retry.attempts,
  codes: retry.codes,
  backoffMs: compileDuration(retry.backoff, 'spec.retry.backoff'),
  methods: retry.methods,
  budget: {
    percent: retry.budget.percent,
    intervalMs: Math.max(1, compileDuration(retry.budget.interval, 'spec.retry.budget.interval')),
    minRetryRate: retry.budget.minRetryRate,
  },
})

/** A replaced prefix must be there to be replaced. */
const checkPrefix = (route: CompiledRoute): CompiledRoute => {
  const path = route.rewrite?.path ?? route.redirect?.path
  const index = route.matches.findIndex((match) => match.path.type !== 'PathPrefix')
  if (path?.type === 'ReplacePrefixMatch' && index >= 0) {
    throw new FieldError(
      `spec.matches[${index}].path.type: must be PathPrefix when a filter replaces the prefix`,
    )
  }
  return route
}

const compileSpec = (spec: ApiRouteSpec): CompiledRoute => {
  const backends = (spec.backendRefs ?? []).map((ref, index) => ({
    backend: compileBackend(ref, `spec.backendRefs[${index}]`),
    weight: ref.weight,
  }))
  return checkPrefix({
    hostnames: spec.hostnames ?? [],
    matches: compileMatches(spec.matches ?? [{}]),
    mirrors: [],
    ...compileFilters(spec.filters ?? []),
    backends,
    timeouts: compileTimeouts(spec.timeouts ?? {}),
    ...(spec.retry && { retry: compileRetry(spec.retry) }),
  })
}

/** Compiles an APIRoute. */
export const compileRoute = createSpecCompiler(apiRoute.spec, compileSpec)
