import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createKubeClient } from '#lib/kube/client.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { startApiServer } from './api-server/api-server.ts'
import { type Chain, startChain } from './chain.ts'
import { startEchoBackend } from './echo-backend.ts'
import { install } from './install.ts'
import { startProviderMock } from './provider-mock/provider-mock.ts'
import { createSamples, hasSampleConsumer } from './samples.ts'
import type { LocalSettings } from './settings.ts'
import { watchFolder } from './watch-folder.ts'

export interface Penstock {
  readonly chain: Chain
  readonly apiUrl: string
  readonly kubeconfig: string
  /** Key of the sample consumer, if it is there. */
  readonly apiKey: string | undefined
  stop(): Promise<void>
}

const NAMESPACE = 'penstock-system'
const MAX_BODY_BYTES = 104_857_600

/** A key of a data folder, made at its first use and readable by its owner only. */
const readKey = async (folder: string, name: string): Promise<string> => {
  const file = join(folder, name)
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  const key = randomBytes(32).toString('base64url')
  await writeFile(file, key, { mode: 0o600 })
  return key
}

/** What routes and models may lead to without anything else at hand. */
const startBackends = async (settings: LocalSettings) => {
  const echo = await startEchoBackend(settings['echo-port'])
  const provider = await startProviderMock({ port: settings['provider-port'] })
  return {
    echoPort: echo.port,
    providerPort: provider.port,
    close: () => Promise.all([echo.close(), provider.close()]),
  }
}

/** Starts all of Penstock in this process. @throws Error when a port or the folder cannot be had. */
export const startPenstock = async (
  settings: LocalSettings,
  log: Log,
  tell: (line: string) => void,
): Promise<Penstock> => {
  const { data } = settings
  await mkdir(data, { recursive: true, mode: 0o700 })
  const isNew = !existsSync(join(data, 'penstock.db'))
  const token = await readKey(data, 'token')
  const apiKey = await readKey(data, 'api-key')
  const api = await startApiServer({
    file: join(data, 'penstock.db'),
    token,
    port: settings['api-port'],
  })
  const kubeconfig = join(data, 'kubeconfig')
  await writeFile(kubeconfig, api.kubeconfig(), { mode: 0o600 })
  const backends = await startBackends(settings)
  const cluster = { server: api.url, token: () => token }
  const client = createKubeClient(cluster)
  await install(client, NAMESPACE)
  if (isNew && !settings['no-sample']) {
    await createSamples(client, { ...backends, apiKey, namespace: NAMESPACE })
  }
  const chain = await startChain({
    cluster,
    namespace: NAMESPACE,
    log,
    settings: {
      host: '127.0.0.1',
      port: settings.port,
      tlsPort: settings['tls-port'],
      adminPort: settings['admin-port'],
      maxBodyBytes: MAX_BODY_BYTES,
      trustForwarded: false,
      // A laptop's backends are on the laptop.
      isAddressAllowed: () => true,
    },
  })
  await chain.settled
  const folder = settings.watch
    ? await watchFolder({ folder: settings.watch, client, tell })
    : undefined
  return {
    chain,
    apiUrl: api.url,
    kubeconfig,
    apiKey: (await hasSampleConsumer(client, NAMESPACE)) ? apiKey : undefined,
    async stop() {
      folder?.stop()
      await chain.stop()
      await client.close()
      await Promise.all([api.close(), backends.close()])
    },
  }
}
