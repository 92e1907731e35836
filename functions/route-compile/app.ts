import { apiRoute } from '#config/kinds/api-route.ts'
import { toResourceType } from '#config/kinds/common.ts'
import { createCompileApp } from '../runtime/compile-app.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import { compileRoute } from './compile.ts'

/** APIRoutes to fragments. */
export const createApp = (deps: FunctionDeps) =>
  createCompileApp(deps, {
    name: 'route-compile',
    kind: 'APIRoute',
    type: toResourceType(apiRoute),
    compile: compileRoute,
  })
