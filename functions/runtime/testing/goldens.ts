import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { KubeObject } from '#lib/kube/types.ts'
import type { CompileResult } from '../fragment-builder.ts'

/**
 * Declares a test for each pair `x.in.yaml`, `x.out.yaml` of a folder: an object, and what it
 * compiles to; those called `-invalid-` are refused.
 */
export const testGoldens = (
  folder: URL,
  compile: (object: KubeObject) => CompileResult<unknown>,
): void => {
  const path = folder.pathname
  const files = readdirSync(path)
  const names = files.flatMap((file) => /^(.*)\.in\.yaml$/.exec(file)?.[1] ?? [])

  test.each(names)('%s', async (name) => {
    const result = compile(parse(readFileSync(`${path}${name}.in.yaml`, 'utf8')))
    expect(result.ok).toBe(!name.includes('-invalid-'))
    await expect(stringify(result)).toMatchFileSnapshot(`${path}${name}.out.yaml`)
  })

  test('no result is without its input', () => {
    const results = files.flatMap((file) => /^(.*)\.out\.yaml$/.exec(file)?.[1] ?? [])
    expect(results.filter((name) => !names.includes(name))).toEqual([])
  })
}
