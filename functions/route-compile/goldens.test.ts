import { testGoldens } from '../runtime/testing/goldens.ts'
import { compileRoute } from './compile.ts'

testGoldens(new URL('goldens/', import.meta.url), compileRoute)
