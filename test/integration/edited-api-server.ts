import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { createKubeClient, type KubeClient } from '#lib/kube/client.ts'
import { configMaps, type KubeObject } from '#lib/kube/types.ts'
import { startApiServer } from '#local/api-server/api-server.ts'
import { penstockTypes } from '#sources/cr-source/resource-types.ts'
import { startTcpProxy } from './tcp-proxy.ts'

export const apiRoutes = penstockTypes.find(({ kind }) => kind === 'APIRoute')!
const namespace = 'default'
const EVENT_WINDOW = 10

const TOKEN = 'test'

/** A client of a local API server, over its port or that of a proxy. */
const connectTo = (port: number): KubeClient =>
  createKubeClient({ server: `http://127.0.0.1:${port}`, token: () => TOKEN })

/** Edits of APIRoutes, straight at the API server. */
const createEditor = (client: KubeClient) => ({
  client,
  create: (name: string) =>
    client.create(apiRoutes, {
      apiVersion: 'penstock.dev/v1alpha1',
      kind: 'APIRoute',
      metadata: { name, namespace },
      spec: { backendRefs: [{ url: 'http://backend.example.com' }] },
    } as KubeObject),
  label: (name: string, value: string) =>
    client.patch(apiRoutes, { namespace, name }, { metadata: { labels: { value } } }),
  remove: (name: string) => client.delete(apiRoutes, { namespace, name }),
  /** Writes until the API server has forgotten all changes before. */
  async compact() {
    for (let index = 0; index < 3 * EVENT_WINDOW; index++) {
      const metadata = { namespace, generateName: 'noise-' } as unknown as KubeObject['metadata']
      await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    }
  },
})

/** A local API server with the kinds of Penstock, reached directly and through a proxy. */
export const startEditedApiServer = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'api-server-'))
  const file = join(folder, 'api.db')
  const start = (port = 0) =>
    startApiServer({ file, token: TOKEN, port, eventWindow: EVENT_WINDOW })

  let server = await start()
  let editor = createEditor(connectTo(server.port))
  const proxy = await startTcpProxy(() => server.port)
  const crd = new URL('../../config/crd/penstock.dev_apiroutes.yaml', import.meta.url)
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await editor.client.call('POST', path, parse(await readFile(crd, 'utf8')))

  return {
    get editor() {
      return editor
    },
    get url() {
      return server.url
    },
    proxy,
    connectByProxy: () => connectTo(proxy.port),
    /** Ends it and starts it anew, with the same data on the same port. */
    async restart() {
      await server.close()
      server = await start(server.port)
      await editor.client.close()
      editor = createEditor(connectTo(server.port))
    },
    async close() {
      await editor.client.close()
      await proxy.close()
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

export type EditedApiServer = Awaited<ReturnType<typeof startEditedApiServer>>
