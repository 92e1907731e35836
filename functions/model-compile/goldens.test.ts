import { testGoldens } from '../runtime/testing/goldens.ts'
import { compileModel } from './compile-model.ts'
import { compilePolicy } from './compile-policy.ts'

testGoldens(new URL('goldens/', import.meta.url), (object) =>
  object.kind === 'LLMRoutingPolicy' ? compilePolicy(object) : compileModel(object),
)
