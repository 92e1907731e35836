import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { compileFilter } from './filter.ts'
import { loadTriggers } from './load-triggers.ts'

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))))

const write = async (...texts: string[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'triggers-'))
  folders.push(folder)
  return Promise.all(
    texts.map(async (text, index) => {
      const file = join(folder, `${index}.yaml`)
      await writeFile(file, text)
      return file
    }),
  )
}

const trigger = (name: string, more = '') => `
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: ${name}, namespace: penstock-system}
spec: {broker: penstock, subscriber: {ref: {apiVersion: v1, kind: Service, name: ${name}}}${more}}
`

const broker = `
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: {name: penstock, namespace: penstock-system}
spec: {delivery: {retry: 2, backoffDelay: PT1S}}
`

test('Triggers of all documents and files are read, and nothing else', async () => {
  const files = await write(
    `${trigger('a')}---\n${trigger('b')}---\n`,
    `apiVersion: v1\nkind: Service\nmetadata: {name: x}\n---\n${trigger('c')}`,
  )
  const triggers = await loadTriggers(files)
  expect(triggers.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c'])
})

test('delivery comes from the Broker where the Trigger has none', async () => {
  const files = await write(`${trigger('a')}---${trigger('b', ', delivery: {retry: 7}')}`, broker)
  const triggers = await loadTriggers(files)
  expect(triggers.map(({ spec }) => spec.delivery)).toEqual([
    { retry: 2, backoffDelay: 'PT1S' },
    { retry: 7 },
  ])
})

test('CESQL is refused by the name of the file', async () => {
  const [file = ''] = await write(trigger('a', `, filters: [{cesql: "type = 'x'"}]`))
  await expect(loadTriggers([file])).rejects.toThrow(/0\.yaml.*CESQL/s)
})

test('what is not YAML is refused', async () => {
  await expect(loadTriggers(await write('kind: [Trigger'))).rejects.toThrow('0.yaml')
})

test('the Triggers that Penstock installs are understood', async () => {
  const files = ['broker', 'triggers'].map((name) =>
    fileURLToPath(new URL(`../../config/eventing/${name}.yaml`, import.meta.url)),
  )
  const triggers = await loadTriggers(files)
  const subscribersOf = (kind: string) =>
    triggers
      .filter(({ spec }) =>
        compileFilter(spec)({ type: 'dev.knative.apiserver.resource.add', kind }),
      )
      .map(({ spec }) => spec.subscriber.ref.name)
  expect(subscribersOf('APIRoute')).toEqual(['route-compile'])
  expect(subscribersOf('AIModelConfig')).toEqual(['model-compile'])
  expect(subscribersOf('LLMRoutingPolicy')).toEqual(['model-compile'])
  expect(subscribersOf('PromptTemplate')).toEqual(['prompt-render'])
})
