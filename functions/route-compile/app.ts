import type { FragmentOf } from '#config/compiled/fragment.ts'
import { apiRoute } from '#config/kinds/api-route.ts'
import { toResourceType } from '#config/kinds/common.ts'
import { createCompileApp, defineCompiledKind } from '../runtime/compile-app.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import { compileRoute } from './compile.ts'

const route = defineCompiledKind<FragmentOf<'APIRoute'>>({
  kind: 'APIRoute',
  type: toResourceType(apiRoute),
  compile: compileRoute,
})

/** APIRoutes to fragments. */
export const createApp = (deps: FunctionDeps) => createCompileApp(deps, 'route-compile', [route])
