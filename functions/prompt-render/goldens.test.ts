import { testGoldens } from '../runtime/testing/goldens.ts'
import { compilePrompt } from './compile.ts'

testGoldens(new URL('goldens/', import.meta.url), compilePrompt)
