import type { CompiledRetry } from '#config/compiled/ai-model.ts'
import type { AiModelConfigSpec } from '#config/kinds/ai-model-config.ts'
import { compileDuration } from '../runtime/compile-duration.ts'

export const compileRetry = ({
  attempts,
  backoff,
}: AiModelConfigSpec['retries']): CompiledRetry => ({
  attempts,
  backoffMs: compileDuration(backoff, 'spec.retries.backoff'),
})
