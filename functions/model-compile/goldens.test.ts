import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { compileModel } from './compile.ts'

const folder = new URL('goldens/', import.meta.url).pathname
const files = readdirSync(folder)
const names = files.flatMap((file) => /^(.*)\.in\.yaml$/.exec(file)?.[1] ?? [])

test.each(names)('%s', async (name) => {
  const result = compileModel(parse(readFileSync(`${folder}${name}.in.yaml`, 'utf8')))
  expect(result.ok).toBe(!name.includes('-invalid-'))
  await expect(stringify(result)).toMatchFileSnapshot(`${folder}${name}.out.yaml`)
})

test('no result is without its input', () => {
  const results = files.flatMap((file) => /^(.*)\.out\.yaml$/.exec(file)?.[1] ?? [])
  expect(results.filter((name) => !names.includes(name))).toEqual([])
})
