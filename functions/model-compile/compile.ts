import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { type AiModelConfigSpec, aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { AI_PROVIDERS, type AiProvider } from '#config/kinds/ai-providers.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { compileDuration } from '../runtime/compile-duration.ts'
import { compileUrl } from '../runtime/compile-url.ts'
import { FieldError } from '../runtime/field-error.ts'
import { createSpecCompiler } from '../runtime/spec-compiler.ts'

const compileEndpoint = (
  endpoint: string | undefined,
  provider: AiProvider,
): CompiledModel['endpoint'] => {
  const text = endpoint ?? provider.endpoint
  if (text === undefined) throw new FieldError('spec.endpoint: is required for this provider')
  const { path: basePath, ...target } = compileUrl(text, 'spec.endpoint')
  return { ...target, basePath }
}

const compileCredential = (
  { secretRef }: NonNullable<AiModelConfigSpec['credential']>,
  { header }: AiProvider,
): CompiledModel['credential'] => ({
  secret: secretRef.name,
  key: secretRef.key,
  ...(header ? { header, prefix: '' } : { header: 'authorization', prefix: 'Bearer ' }),
})

const compileTimeouts = (timeouts: AiModelConfigSpec['timeouts']): CompiledModel['timeouts'] => ({
  requestMs: compileDuration(timeouts.request, 'spec.timeouts.request'),
  firstTokenMs: compileDuration(timeouts.firstToken, 'spec.timeouts.firstToken'),
  streamIdleMs: compileDuration(timeouts.streamIdle, 'spec.timeouts.streamIdle'),
})

const compileSpec = (spec: AiModelConfigSpec, { metadata }: KubeObject): CompiledModel => {
  const provider: AiProvider = AI_PROVIDERS[spec.provider]
  return {
    provider: spec.provider,
    dialect: 'OpenAI',
    model: spec.model ?? metadata.name,
    ...(spec.version !== undefined && { version: spec.version }),
    endpoint: compileEndpoint(spec.endpoint, provider),
    ...(spec.credential && { credential: compileCredential(spec.credential, provider) }),
    ...(spec.maxTokens !== undefined && { maxTokens: spec.maxTokens }),
    ...(provider.maxTokensField && { maxTokensField: provider.maxTokensField }),
    hasStreamOptions: provider.hasStreamOptions ?? true,
    timeouts: compileTimeouts(spec.timeouts),
  }
}

/** Compiles an AIModelConfig. */
export const compileModel = createSpecCompiler(aiModelConfig.spec, compileSpec)
