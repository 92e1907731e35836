import { testCallerDialect } from '../testing/goldens.ts'
import { responsesCaller } from './caller-dialect.ts'

testCallerDialect(new URL('goldens/', import.meta.url), responsesCaller)
