import { encodeFragment } from '#config/compiled/fragment.ts'
import { compileModel } from '#functions/model-compile/compile-model.ts'
import { hashApiKey } from '#gateway/policies/api-key/consumer-directory.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { configMaps, type KubeObject, secrets } from '#lib/kube/types.ts'
import { NAMESPACE, prepareGateway, toFragment } from '../../penstock-process.ts'
import { startPeer } from '../../start-peer.ts'
import type { AiPeer } from './peer.ts'

const API_KEY = 'key-of-the-benchmark'

const createSecret = async (
  client: KubeClient,
  name: string,
  stringData: object,
  labels: Record<string, string> = {},
): Promise<void> => {
  const secret: KubeObject & { stringData: object } = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE, labels },
    stringData,
  }
  await client.create(secrets, secret)
}

const write = async (client: KubeClient, models: readonly string[], providerPort: number) => {
  const sha256 = hashApiKey(API_KEY)
  await createSecret(client, 'consumer', { sha256 }, { 'penstock.dev/consumer': 'bench' })
  await createSecret(client, 'provider', { apiKey: 'any' })
  for (const [index, model] of models.entries()) {
    const spec = {
      provider: 'OpenAICompatible',
      endpoint: `http://127.0.0.1:${providerPort}/v1`,
      model,
      credential: { secretRef: { name: 'provider' } },
    }
    const fragment = toFragment('AIModelConfig', `model-${index}`, spec, compileModel)
    await client.create(configMaps, encodeFragment(fragment, NAMESPACE))
  }
}

/** The gateway as it is: keys checked, models looked up, usage counted. */
export const penstock: AiPeer = {
  name: 'penstock',
  missing: () => undefined,
  async start({ providerPort, models, folder, nodeOptions }) {
    const { command, port, env, onStop } = await prepareGateway(folder, nodeOptions, (client) =>
      write(client, models, providerPort),
    )
    // Without a key: it serves, and says so.
    const ready = { path: '/v1/models', status: 401 }
    const peer = await startPeer(command, { port, ready, env, onStop })
    return {
      ...peer,
      headers: { authorization: `Bearer ${API_KEY}` },
      toModel: (model) => `model-${models.indexOf(model)}`,
    }
  },
}
