import type { CompiledModel } from '#config/compiled/ai-model.ts'
import { type AiModelConfigSpec, aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { AI_PROVIDERS, type AiProvider, REGION } from '#config/kinds/ai-providers.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { compileCache } from '../runtime/compile-cache.ts'
import { compileCost } from '../runtime/compile-cost.ts'
import { compileDuration } from '../runtime/compile-duration.ts'
import { compileGuardrails } from '../runtime/compile-guardrails.ts'
import { compileLimits } from '../runtime/compile-limits.ts'
import { compileUrl } from '../runtime/compile-url.ts'
import { FieldError } from '../runtime/field-error.ts'
import { createSpecCompiler } from '../runtime/spec-compiler.ts'
import { compileRetry } from './compile-retry.ts'

const compileEndpoint = (
  { endpoint, region }: AiModelConfigSpec,
  provider: AiProvider,
): CompiledModel['endpoint'] => {
  const text = endpoint ?? provider.endpoint
  if (text === undefined) throw new FieldError('spec.endpoint: is required for this provider')
  const { path: basePath, ...target } = compileUrl(
    text.replace(REGION, region ?? ''),
    'spec.endpoint',
  )
  return { ...target, basePath }
}

const compileCredential = (
  { type, secretRef }: NonNullable<AiModelConfigSpec['credential']>,
  region: string | undefined,
  { header }: AiProvider,
): CompiledModel['credential'] => {
  if (type === 'AWS') return { type, secret: secretRef.name, region: region ?? '' }
  return {
    type: 'Header',
    secret: secretRef.name,
    key: secretRef.key,
    ...(header ? { header, prefix: '' } : { header: 'authorization', prefix: 'Bearer ' }),
  }
}

const compileTimeouts = (timeouts: AiModelConfigSpec['timeouts']): CompiledModel['timeouts'] => ({
  requestMs: compileDuration(timeouts.request, 'spec.timeouts.request'),
  firstTokenMs: compileDuration(timeouts.firstToken, 'spec.timeouts.firstToken'),
  streamIdleMs: compileDuration(timeouts.streamIdle, 'spec.timeouts.streamIdle'),
})

const compileBreaker = ({
  failures,
  cooldown,
}: AiModelConfigSpec['circuitBreaker']): CompiledModel['breaker'] => ({
  failures,
  cooldownMs: compileDuration(cooldown, 'spec.circuitBreaker.cooldown'),
})

/** What the CRD's rules say too, for an API server without them. */
const checkRegion = ({ provider, region, credential }: AiModelConfigSpec): void => {
  if (provider === 'Bedrock' && region === undefined) {
    throw new FieldError('spec.region: is required for Bedrock')
  }
  if (provider !== 'Bedrock' && credential?.type === 'AWS') {
    throw new FieldError('spec.credential.type: AWS is for Bedrock only')
  }
}

const compileSpec = (spec: AiModelConfigSpec, object: KubeObject): CompiledModel => {
  const provider: AiProvider = AI_PROVIDERS[spec.provider]
  const { credential, region } = spec
  checkRegion(spec)
  return {
    provider: spec.provider,
    dialect: provider.dialect ?? 'OpenAI',
    model: spec.model ?? object.metadata.name,
    ...(spec.version !== undefined && { version: spec.version }),
    endpoint: compileEndpoint(spec, provider),
    ...(credential && { credential: compileCredential(credential, region, provider) }),
    onPremise: spec.onPremise,
    ...(spec.maxTokens !== undefined && { maxTokens: spec.maxTokens }),
    ...(provider.maxTokensField && { maxTokensField: provider.maxTokensField }),
    hasStreamOptions: provider.hasStreamOptions ?? true,
    hasResponses: provider.hasResponses ?? false,
    timeouts: compileTimeouts(spec.timeouts),
    retry: compileRetry(spec.retries),
    ...(spec.cost && { cost: compileCost(spec.cost) }),
    limits: compileLimits(spec.limits ?? [], object, 'spec.limits'),
    guardrails: compileGuardrails(spec.guardrails ?? [], 'spec.guardrails'),
    ...(spec.cache && { cache: compileCache(spec.cache, 'spec.cache') }),
    breaker: compileBreaker(spec.circuitBreaker),
  }
}

/** Compiles an AIModelConfig. */
export const compileModel = createSpecCompiler(aiModelConfig.spec, compileSpec)
