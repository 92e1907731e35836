import { aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { toResourceType } from '#config/kinds/common.ts'
import { createCompileApp } from '../runtime/compile-app.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import { compileModel } from './compile.ts'

/** AIModelConfigs to fragments. */
export const createApp = (deps: FunctionDeps) =>
  createCompileApp(deps, {
    name: 'model-compile',
    kind: 'AIModelConfig',
    type: toResourceType(aiModelConfig),
    compile: compileModel,
  })
