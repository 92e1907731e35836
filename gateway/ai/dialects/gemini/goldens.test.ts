import { testProviderDialect } from '../testing/goldens.ts'
import { geminiProvider } from './provider-dialect.ts'

testProviderDialect(new URL('goldens/', import.meta.url), geminiProvider)
