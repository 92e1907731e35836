import type { Fragment } from '#config/compiled/fragment.ts'
import { retry } from '#lib/retry.ts'
import { createFunctionApp } from './app.ts'
import { combineCompilers } from './combine-compilers.ts'
import { createCompileHandler } from './compile-handler.ts'
import { type Compiler, type CompilerOptions, createCompiler } from './compiler.ts'
import type { FunctionDeps } from './deps.ts'
import { createFragmentStore } from './fragment-store.ts'
import type { RunningApp } from './serve.ts'

type Shared = Pick<CompilerOptions<Fragment>, 'client' | 'store' | 'onError'>

/** A kind that a function compiles. */
export interface CompiledKind {
  readonly kind: Fragment['kind']
  create(shared: Shared): Compiler
}

/** Declares how the objects of a kind become fragments. */
export const defineCompiledKind = <F extends Fragment>(
  options: Omit<CompilerOptions<F>, keyof Shared>,
): CompiledKind => ({
  kind: options.kind,
  create: (shared) => createCompiler<F>({ ...options, ...shared }),
})

/** The app of a compile function: it resyncs at start and is ready once that is done. */
export const createCompileApp = (
  deps: FunctionDeps,
  name: string,
  kinds: readonly CompiledKind[],
): RunningApp => {
  const { client, namespace, log, registry } = deps
  const store = createFragmentStore(client, namespace)
  const shared: Shared = {
    client,
    store,
    onError: (key, error) => log.warn({ err: error, ...key }, 'not compiled'),
  }
  const compilers = kinds.map(({ kind, create }) => [kind, create(shared)] as const)
  const handler = createCompileHandler(name, combineCompilers(new Map(compilers)))
  const abort = new AbortController()
  let ready = false
  return {
    app: createFunctionApp({
      handle: handler.handle,
      isReady: () => ready,
      log,
      registry,
    }),
    start() {
      void retry(handler.start, abort.signal, (error) => {
        log.warn({ err: error }, 'resync failed')
      }).then(() => {
        ready = true
      })
    },
    stop: async () => abort.abort(),
  }
}
