import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { testProviderDialect } from '../testing/goldens.ts'
import { bedrockProvider } from './provider-dialect.ts'
import { encodeFrames } from './testing/event-stream.ts'

const FOLDER = new URL('goldens/', import.meta.url)
const streams = readdirSync(FOLDER).filter((file) => file.endsWith('.events.yaml'))

test.each(streams)('%s is what the recorded stream holds', async (file) => {
  const frames = encodeFrames(parse(readFileSync(new URL(file, FOLDER), 'utf8')))
  const base64 = frames.toString('base64').replace(/.{1,100}/g, '$&\n')
  const recorded = new URL(file.replace('.events.yaml', '.in.b64'), FOLDER)
  await expect(base64).toMatchFileSnapshot(fileURLToPath(recorded))
})

testProviderDialect(FOLDER, bedrockProvider)
