import { testProviderDialect } from '../testing/goldens.ts'
import { cohereProvider } from './provider-dialect.ts'

testProviderDialect(new URL('goldens/', import.meta.url), cohereProvider)
