import { testGoldens } from '../runtime/testing/goldens.ts'
import { compileModel } from './compile.ts'

testGoldens(new URL('goldens/', import.meta.url), compileModel)
