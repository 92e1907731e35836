import { aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { apiRoute } from '#config/kinds/api-route.ts'
import { API_VERSION, toResourceType } from '#config/kinds/common.ts'
import { hashApiKey } from '#gateway/policies/api-key/consumer-directory.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { isAlreadyExists } from '#lib/kube/error.ts'
import { type KubeObject, type ResourceType, secrets } from '#lib/kube/types.ts'

/** What the samples refer to. */
export interface SampleOptions {
  readonly echoPort: number
  readonly providerPort: number
  /** Key of the sample consumer. */
  readonly apiKey: string
  /** Namespace of the gateway, where consumers are. */
  readonly namespace: string
}

const TENANT = 'default'

/** `GET /echo` to the built-in backend. */
const echoRoute = (echoPort: number): KubeObject & { spec: object } => ({
  apiVersion: API_VERSION,
  kind: 'APIRoute',
  metadata: { name: 'echo', namespace: TENANT },
  spec: {
    matches: [{ path: { type: 'PathPrefix', value: '/echo' } }],
    backendRefs: [{ url: `http://127.0.0.1:${echoPort}` }],
  },
})

/** A model of the built-in provider. */
const mockModel = (providerPort: number): KubeObject & { spec: object } => ({
  apiVersion: API_VERSION,
  kind: 'AIModelConfig',
  metadata: { name: 'mock', namespace: TENANT },
  spec: {
    provider: 'OpenAICompatible',
    endpoint: `http://127.0.0.1:${providerPort}/v1`,
    credential: { secretRef: { name: 'mock-provider' } },
  },
})

const credential = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'mock-provider', namespace: TENANT },
  stringData: { apiKey: 'any-key-will-do' },
}

const CONSUMER = 'consumer-local'

const consumer = ({ namespace, apiKey }: SampleOptions) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: CONSUMER,
    namespace,
    labels: { 'penstock.dev/consumer': 'local', 'penstock.dev/tenant': TENANT },
  },
  stringData: { sha256: hashApiKey(apiKey) },
})

const create = async (client: KubeClient, type: ResourceType, object: KubeObject) => {
  try {
    await client.create(type, object)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/** What a first start comes with: a route, a model, and a caller who may use it. */
export const createSamples = async (client: KubeClient, options: SampleOptions): Promise<void> => {
  await create(client, toResourceType(apiRoute), echoRoute(options.echoPort))
  await create(client, secrets, credential)
  await create(client, secrets, consumer(options))
  await create(client, toResourceType(aiModelConfig), mockModel(options.providerPort))
}

/** Whether whoever has the key of the sample may call models. */
export const hasSampleConsumer = async (client: KubeClient, namespace: string): Promise<boolean> =>
  (await client.get(secrets, { namespace, name: CONSUMER })) !== undefined
