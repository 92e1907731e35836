import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { compiledPrompt } from '#config/compiled/prompt.ts'
import { toOpenApi } from './open-api.ts'

const folder = new URL('goldens/', import.meta.url).pathname
const names = readdirSync(folder).flatMap((file) => /^(.*)\.in\.yaml$/.exec(file)?.[1] ?? [])

test.each(names)('%s', async (name) => {
  const spec = compiledPrompt
    .strict()
    .parse(parse(readFileSync(`${folder}${name}.in.yaml`, 'utf8')))
  const document = toOpenApi({ name: 'trip', generation: 7, spec })
  await expect(stringify(document, { lineWidth: 0 })).toMatchFileSnapshot(
    `${folder}${name}.out.yaml`,
  )
})

test('a prompt without an endpoint has no document', () => {
  const spec = { variables: [], versions: [] }
  expect(toOpenApi({ name: 'trip', generation: 1, spec })).toBeUndefined()
})
