import type { FragmentOf } from '#config/compiled/fragment.ts'
import { aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { toResourceType } from '#config/kinds/common.ts'
import { llmRoutingPolicy } from '#config/kinds/llm-routing-policy.ts'
import { createCompileApp, defineCompiledKind } from '../runtime/compile-app.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import { compileModel } from './compile-model.ts'
import { compilePolicy } from './compile-policy.ts'

const model = defineCompiledKind<FragmentOf<'AIModelConfig'>>({
  kind: 'AIModelConfig',
  type: toResourceType(aiModelConfig),
  compile: compileModel,
})
const policy = defineCompiledKind<FragmentOf<'LLMRoutingPolicy'>>({
  kind: 'LLMRoutingPolicy',
  type: toResourceType(llmRoutingPolicy),
  compile: compilePolicy,
})

/** AIModelConfigs, and the LLMRoutingPolicies that choose among them, to fragments. */
export const createApp = (deps: FunctionDeps) =>
  createCompileApp(deps, 'model-compile', [model, policy])
