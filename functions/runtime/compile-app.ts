import type { Fragment } from '#config/compiled/fragment.ts'
import { retry } from '#lib/retry.ts'
import { createFunctionApp } from './app.ts'
import { createCompileHandler } from './compile-handler.ts'
import { type CompilerOptions, createCompiler } from './compiler.ts'
import type { FunctionDeps } from './deps.ts'
import { createFragmentStore } from './fragment-store.ts'
import type { RunningApp } from './serve.ts'

export interface CompileAppOptions<F extends Fragment>
  extends Omit<CompilerOptions<F>, 'client' | 'store' | 'onError'> {
  readonly name: string
}

/** The app of a compile function: it resyncs at start and is ready once that is done. */
export const createCompileApp = <F extends Fragment>(
  deps: FunctionDeps,
  options: CompileAppOptions<F>,
): RunningApp => {
  const { client, namespace, log, registry } = deps
  const store = createFragmentStore(client, namespace)
  const compiler = createCompiler({
    ...options,
    client,
    store,
    onError: ({ namespace, name }, error) =>
      log.warn({ err: error, kind: options.kind, namespace, name }, 'not compiled'),
  })
  const handler = createCompileHandler(options.name, compiler)
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
