import { testCallerDialect, testProviderDialect } from '../testing/goldens.ts'
import { openAiCaller } from './caller-dialect.ts'
import { openAiProvider } from './provider-dialect.ts'

const goldens = new URL('goldens/', import.meta.url)

testProviderDialect(goldens, openAiProvider)
testCallerDialect(goldens, openAiCaller)
