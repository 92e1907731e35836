import type { FragmentOf } from '#config/compiled/fragment.ts'
import { toResourceType } from '#config/kinds/common.ts'
import { promptTemplate } from '#config/kinds/prompt-template.ts'
import { createCompileApp, defineCompiledKind } from '../runtime/compile-app.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import { compilePrompt } from './compile.ts'

const prompt = defineCompiledKind<FragmentOf<'PromptTemplate'>>({
  kind: 'PromptTemplate',
  type: toResourceType(promptTemplate),
  compile: compilePrompt,
})

/** PromptTemplates to fragments. */
export const createApp = (deps: FunctionDeps) => createCompileApp(deps, 'prompt-render', [prompt])
