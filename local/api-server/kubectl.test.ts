import { execFile, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer, WIDGETS } from './testing.ts'

const isInstalled = spawnSync('kubectl', ['version', '--client']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'api-server-kubectl-'))
const config = ['--kubeconfig', join(folder, 'kubeconfig'), '--cache-dir', join(folder, 'cache')]

interface Output {
  readonly code: number
  readonly text: string
}

/** Runs kubectl with a manifest on its standard input. */
const run = (args: readonly string[], input?: object, program = ['kubectl']): Promise<Output> =>
  new Promise((resolve) => {
    const [file = '', ...first] = program
    const child = execFile(file, [...first, ...config, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
    )
    child.stdin?.end(input === undefined ? '' : JSON.stringify(input))
  })

const kubectl = async (command: string, input?: object): Promise<string> =>
  (await run(command.split(' '), input)).text

const widget = (name: string, size: number, more = {}) => ({
  apiVersion: 'test.dev/v1',
  kind: 'Widget',
  metadata: { name },
  spec: { size, ...more },
})

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
  writeFileSync(join(folder, 'kubeconfig'), api.server.kubeconfig(), { mode: 0o600 })
  if (isInstalled) await kubectl('apply -f -', WIDGETS)
})
afterAll(async () => {
  await api.close()
  rmSync(folder, { recursive: true })
})

// Nothing here can be tried without the stock kubectl on the PATH.
describe.skipIf(!isInstalled)('kubectl', { timeout: 30_000 }, () => {
  it('finds out what is served', async () => {
    expect(await kubectl('api-versions')).toContain('test.dev/v1')
    expect(await kubectl('api-resources --api-group=test.dev')).toMatch(
      /widgets +wg +test\.dev\/v1 +true +Widget/,
    )
    expect(await kubectl('wait --for=condition=Established crd/widgets.test.dev')).toContain(
      'condition met',
    )
    expect(await kubectl('auth can-i create widgets')).toBe('yes\n')
    expect(await kubectl('get --raw /readyz')).toBe('ok')
  })

  it('explains a kind and a field', async () => {
    expect(await kubectl('explain widget')).toContain('A thing to test with.')
    expect(await kubectl('explain wg.spec.size')).toMatch(/FIELD: size <integer>/)
    expect(await kubectl('explain configmap.data')).toContain('map[string]string')
  })

  it('applies, prints, diffs and applies again', async () => {
    expect(await kubectl('apply -f -', widget('w', 1))).toContain('w created')
    expect(await kubectl('apply -f -', widget('w', 1))).toContain('w unchanged')
    expect(await kubectl('get wg w')).toMatch(/NAME +SIZE +READY\nw +1 +\n/)
    expect(await kubectl('get wg -A -o name')).toContain('widget.test.dev/w')
    const diff = await run(['diff', '-f', '-'], widget('w', 2))
    expect(diff.code).toBe(1)
    expect(diff.text).toMatch(/-\s+size: 1\n\+\s+size: 2/)
    expect(await kubectl('apply -f -', widget('w', 2))).toContain('w configured')
    expect(await kubectl('get wg w -o jsonpath={.spec.size}')).toBe('2')
  })

  it('applies a list', async () => {
    const items = [widget('l-1', 1), widget('l-2', 2)]
    const applied = await kubectl('apply -f -', { apiVersion: 'v1', kind: 'List', items })
    expect(applied).toMatch(/l-1 created\n.*l-2 created/)
  })

  it('changes from client-side to server-side apply, and meets conflicts', async () => {
    const apply = 'apply --server-side -f -'
    await kubectl('apply -f -', widget('ssa', 1, { mode: 'a' }))
    expect(await kubectl(apply, widget('ssa', 2))).toContain('serverside-applied')
    const other = `${apply} --field-manager=other`
    expect(await kubectl(other, widget('ssa', 3))).toMatch(
      /conflict with "kubectl".*: \.spec\.size/,
    )
    expect(await kubectl(`${other} --force-conflicts`, widget('ssa', 3))).toContain('applied')
    expect(await kubectl('get wg ssa -o yaml --show-managed-fields')).toContain('manager: other')
  })

  it('refuses unknown and wrong fields with their names', async () => {
    const unknown = await kubectl('apply -f -', widget('bad', 1, { colour: 'red' }))
    expect(unknown).toContain('unknown field "spec.colour"')
    expect(await kubectl('apply -f -', widget('bad', 7))).toContain(
      'spec.size: Invalid value: "integer": no sevens',
    )
  })

  it('patches, labels, annotates, edits, replaces', async () => {
    await kubectl('create -f -', widget('p', 1))
    await kubectl('patch wg p --type=merge -p {"spec":{"size":2}}')
    await kubectl('patch wg p --type=json -p [{"op":"add","path":"/spec/hosts","value":["a"]}]')
    await kubectl('label wg p tier=one')
    await kubectl('annotate wg p note=x')
    const status = '{"status":{"conditions":[{"type":"Ready","status":"True"}]}}'
    await kubectl(`patch wg p --subresource=status --type=merge -p ${status}`)
    const editor = ['env', "KUBE_EDITOR=sed -i 's/size: 2/size: 4/'", 'kubectl']
    expect((await run(['edit', 'wg', 'p'], undefined, editor)).text).toContain('p edited')
    expect(await kubectl('get wg -l tier=one')).toMatch(/p +4 +True/)
    expect(await kubectl('get wg --field-selector metadata.name=p -o name')).toContain('/p')
    expect(await kubectl('replace -f -', widget('p', 5))).toContain('p replaced')
    expect(await kubectl('get wg p -o jsonpath={.status.conditions[0].status}')).toBe('True')
    expect(await kubectl('wait --for=condition=Ready wg/p --timeout=5s')).toContain('condition met')
  })

  it('creates built-in kinds by its own commands, and merges their lists', async () => {
    expect(await kubectl('create namespace made')).toContain('made created')
    await kubectl('create configmap c -n made --from-literal=a=b')
    await kubectl('create secret generic s -n made --from-literal=key=value')
    await kubectl('create service clusterip svc -n made --tcp=80:8080')
    await kubectl('create serviceaccount robot -n made')
    const all = await kubectl('get cm,secret,svc,sa -n made')
    expect(all).toMatch(/configmap\/c +1/)
    expect(all).toMatch(/secret\/s +Opaque +1/)
    expect(all).toMatch(/service\/svc +ClusterIP +<none> +<none> +80\/TCP/)
    await kubectl('patch svc svc -n made -p {"spec":{"ports":[{"port":81,"name":"b"}]}}')
    expect(await kubectl('get svc svc -n made -o jsonpath={.spec.ports[*].port}')).toBe('80 81')
    expect(await kubectl('delete namespace made')).toContain('deleted')
    expect(await kubectl('get cm -n made')).toContain('No resources found')
  })

  it('describes an object with its events', async () => {
    await kubectl('create -f -', widget('told', 1))
    const uid = await kubectl('get wg told -o jsonpath={.metadata.uid}')
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'told.1' },
      involvedObject: {
        apiVersion: 'test.dev/v1',
        kind: 'Widget',
        name: 'told',
        namespace: 'default',
        uid,
      },
      reason: 'Accepted',
      message: 'all is well',
      type: 'Normal',
      lastTimestamp: new Date().toISOString(),
    }
    await kubectl('create -f -', event)
    expect(await kubectl('describe wg told')).toMatch(/Normal +Accepted +.*all is well/)
    expect(await kubectl('get events')).toMatch(/Normal +Accepted +widget\/told +all is well/)
  })

  it('watches', async () => {
    const child = spawn('kubectl', [...config, 'get', 'wg', '-w', '-l', 'seen', '--no-headers'])
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const labelled = (size: number) => ({
      ...widget('seen', size),
      metadata: { name: 'seen', labels: { seen: '' } },
    })
    await kubectl('create -f -', labelled(1))
    expect((await lines.next()).value).toMatch(/seen +1/)
    await kubectl('apply --server-side --force-conflicts -f -', labelled(2))
    expect((await lines.next()).value).toMatch(/seen +2/)
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill()
    await closed
  })

  it('deletes', async () => {
    await kubectl('create -f -', widget('gone', 1))
    expect(await kubectl('delete wg gone')).toContain('deleted')
    expect(await kubectl('get wg gone')).toContain('widgets.test.dev "gone" not found')
    expect(await kubectl('delete wg --all')).toContain('deleted')
  })
})
