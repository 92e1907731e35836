import { testCallerDialect, testProviderDialect } from '../testing/goldens.ts'
import { anthropicCaller } from './caller-dialect.ts'
import { anthropicProvider } from './provider-dialect.ts'

const GOLDENS = new URL('goldens/', import.meta.url)

testProviderDialect(GOLDENS, anthropicProvider)
testCallerDialect(GOLDENS, anthropicCaller)
