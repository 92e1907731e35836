import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createKubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { apiRoutes } from '../fixtures/routes.ts'
import { until } from '../fixtures/until.ts'

const main = new URL('../../local/main.ts', import.meta.url).pathname
let folder: string
const running: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-mode-'))
})
afterEach(async () => {
  for (const child of running.splice(0)) await stop(child, 'SIGKILL')
})
afterAll(() => rm(folder, { recursive: true }))

const stop = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

/** Starts local mode on free ports. @returns its gateway's URL and what it printed. */
const start = async (...args: string[]) => {
  const ports = ['--port=0', '--admin-port=0', '--api-port=0', '--echo-port=0', '--provider-port=0']
  const child = spawn(process.execPath, [main, ...ports, ...args], { stdio: 'pipe' })
  running.push(child)
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  const [, url = ''] = await until('ready', () => /ready after .*: (http:\S+)/.exec(output), 60_000)
  return { child, url, output: () => output }
}

const status = async (url: string): Promise<number> => {
  const response = await request(url)
  await response.body.dump()
  return response.statusCode
}

const route = (path: string, port = 9) => `apiVersion: penstock.dev/v1alpha1
kind: APIRoute
metadata: {name: watched}
spec:
  matches: [{path: {value: ${path}}}]
  filters:
    - type: RequestRedirect
      requestRedirect: {hostname: example.com, port: ${port}}
`

test('the sample answers, what is made survives a kill, and what is deleted stays deleted', async () => {
  const data = join(folder, 'data')
  const watched = join(folder, 'watched')
  await mkdir(watched)
  const first = await start('--data', data, '--watch', watched)
  expect(await status(`${first.url}/echo`)).toBe(200)
  expect(existsSync(join(data, 'kubeconfig'))).toBe(true)
  await writeFile(join(watched, 'route.yaml'), route('/saved'))
  await until('applied', async () => (await status(`${first.url}/saved`)) === 302)
  const { mode } = await stat(join(data, 'penstock.db'))
  expect(mode & 0o077).toBe(0)
  const client = createKubeClient(loadCluster(join(data, 'kubeconfig')))
  await client.delete(apiRoutes, { namespace: 'default', name: 'echo' })
  await client.close()
  await stop(first.child, 'SIGKILL')

  const second = await start('--data', data)
  expect(await status(`${second.url}/saved`)).toBe(302)
  expect(await status(`${second.url}/echo`)).toBe(404)
  await stop(second.child, 'SIGTERM')
}, 180_000)

test('a watched folder follows edits, tells mistakes, and deletes what vanishes', async () => {
  const watched = join(folder, 'edits')
  await mkdir(watched)
  const file = join(watched, 'a.yaml')
  await writeFile(file, route('/one'))
  const { url, output } = await start('--data', join(folder, 'edits-data'), '--watch', watched)
  await until('one', async () => (await status(`${url}/one`)) === 302)
  await writeFile(file, route('/two'))
  await until('two', async () => (await status(`${url}/two`)) === 302)
  await writeFile(file, 'kind: [')
  await until('told', () => output().includes('a.yaml: '))
  await writeFile(file, route('/two', 700_000))
  await until('refused', () => output().includes('spec.filters[0].requestRedirect.port'))
  expect(await status(`${url}/two`)).toBe(302)
  await writeFile(join(watched, 'b.yaml'), route('/two'))
  await until('applied again', () => output().includes('b.yaml: applied'))
  await writeFile(file, '')
  await until('empty', () => output().includes('a.yaml: is empty'))
  await rename(join(watched, 'b.yaml'), file)
  await until('moved', () => output().lastIndexOf('a.yaml: applied') > output().indexOf('is empty'))
  expect(output()).not.toContain('deleted')
  expect(await status(`${url}/two`)).toBe(302)
  await rm(file)
  await until('deleted', async () => (await status(`${url}/two`)) === 404)
}, 180_000)

test('--help says it all, and a wrong option is named', async () => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [main, '--help'])
  for (const option of ['--port', '--admin-port', '--api-port', '--data', '--watch']) {
    expect(stdout).toContain(option)
  }
  await expect(run(process.execPath, [main, '--port', 'x'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--port'),
  })
  await expect(run(process.execPath, [main, '--nonsense'])).rejects.toMatchObject({ code: 2 })
}, 60_000)
