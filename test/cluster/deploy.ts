import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { components } from '../../build.ts'
import { ECHO } from './echo.ts'
import { imageMarker, loadImages } from './images.ts'
import { apply, get, kubectl, root } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'
import { NODE_AGENT } from './node-agent.ts'

/** Which source feeds the Broker: the overlay of `config/overlays`. */
export type Source = 'knative' | 'cr-source'

/** Where the tests find what was installed. */
export interface Installation {
  /** Base URLs of the gateway's traffic, through a NodePort of all ready replicas. */
  readonly http: string
  readonly https: string
}

/** A pod as the tests need it. */
export interface Pod {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly deletionTimestamp?: string
  }
  readonly status: {
    readonly podIP?: string
    readonly containerStatuses?: readonly { readonly ready: boolean }[]
  }
}

const WAIT = '--timeout=180s'
const SOURCE_FOLDERS = { knative: 'api-server-source', 'cr-source': 'cr-source' } as const

const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: TEST_NAMESPACE },
}

const nodePort = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'gateway-test', namespace: NAMESPACE },
  spec: {
    type: 'NodePort',
    selector: { 'app.kubernetes.io/name': 'gateway' },
    ports: [
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'https', port: 443, targetPort: 'https' },
    ],
  },
}

/** The overlay, with each pod template marked by what its image holds, so that a new one rolls. */
const writeOverlay = async (source: Source, hashes: Record<string, string>): Promise<string> => {
  const folder = join(root, '.penstock', `overlay-${source}`)
  await mkdir(folder, { recursive: true })
  const patches = Object.entries(hashes)
    .filter(([name]) => components.some((component) => component.name === name))
    .filter(([name]) => name !== 'cr-source' || source === 'cr-source')
    .map(([name, hash]) => ({
      target: { kind: 'Deployment', name },
      patch: stringify([
        {
          op: 'add',
          path: '/spec/template/metadata/annotations',
          value: { 'penstock.dev/bundle': hash },
        },
      ]),
    }))
  const resources = [`../../config/overlays/${source}`]
  await writeFile(join(folder, 'kustomization.yaml'), stringify({ resources, patches }))
  return folder
}

const rollOut = async (): Promise<void> => {
  for (const deployment of (await kubectl('-n', NAMESPACE, 'get', 'deploy', '-o', 'name'))
    .trim()
    .split('\n')) {
    await kubectl('-n', NAMESPACE, 'rollout', 'status', deployment, WAIT)
  }
}

/** Knative leaves its adapter at the scale that somebody gave it, and calls it ready at 0, too. */
const startAdapter = async (): Promise<void> => {
  const adapter = ['deployment', '-l', 'eventing.knative.dev/source=apiserver-source-controller']
  await kubectl('-n', NAMESPACE, 'scale', '--replicas=1', ...adapter)
  await kubectl('-n', NAMESPACE, 'rollout', 'status', ...adapter, WAIT)
}

const becomeReady = async (source: Source): Promise<void> => {
  const ready = ['-n', NAMESPACE, 'wait', '--for=condition=Ready', WAIT]
  await kubectl(...ready, 'broker/penstock', 'pingsource/penstock-resync')
  await kubectl(...ready, 'trigger', '--all')
  if (source === 'cr-source') return
  await kubectl(...ready, 'apiserversource/penstock')
  await startAdapter()
}

const address = async (): Promise<Installation> => {
  const nodes = await get<{
    items: { status: { addresses: { type: string; address: string }[] } }[]
  }>('nodes')
  const node = nodes.items[0]?.status.addresses.find(({ type }) => type === 'InternalIP')?.address
  const service = await get<{ spec: { ports: { name: string; nodePort: number }[] } }>(
    ...['-n', NAMESPACE, 'service', nodePort.metadata.name],
  )
  const at = (name: string) =>
    `${name}://${node}:${service.spec.ports.find((port) => port.name === name)?.nodePort}`
  return { http: at('http'), https: at('https') }
}

/**
 * Builds, loads and installs everything on the cluster of KUBECONFIG, which has Knative Eventing,
 * and waits until all of it is ready. Again: only what changed restarts.
 */
export const deploy = async (source: Source): Promise<Installation> => {
  await apply(namespace, imageMarker)
  const hashes = await loadImages([...components, ECHO, NODE_AGENT])
  const other = SOURCE_FOLDERS[source === 'knative' ? 'cr-source' : 'knative']
  await kubectl('apply', '-k', await writeOverlay(source, hashes))
  await kubectl('delete', '--ignore-not-found', '-k', `config/eventing/${other}`)
  await apply(nodePort)
  await rollOut()
  await becomeReady(source)
  return address()
}

/** The pods of a component that are ready and stay. */
export const readyPods = async (component: string): Promise<Pod[]> => {
  const label = `app.kubernetes.io/name=${component}`
  const { items } = await get<{ items: Pod[] }>('-n', NAMESPACE, 'pods', '-l', label)
  return items.filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp && status.containerStatuses?.every(({ ready }) => ready),
  )
}
