import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { API_VERSION, toResourceType } from '#config/kinds/common.ts'
import { hashApiKey } from '#gateway/policies/api-key/consumer-directory.ts'
import { type KubeObject, secrets } from '#lib/kube/types.ts'
import { type ProviderMock, startProviderMock } from '#local/provider-mock/provider-mock.ts'
import { conditionOf, type RouteObject } from '../fixtures/routes.ts'
import { startTestChain, type TestChain } from '../fixtures/test-chain.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'
import { until } from '../fixtures/until.ts'

const models = toResourceType(aiModelConfig)
let cluster: TestCluster
let chain: TestChain
let mock: ProviderMock

beforeAll(async () => {
  cluster = await openTestCluster()
  mock = await startProviderMock({ port: 0 })
  chain = await startTestChain(cluster)
  await createConsumer('alice', 'key-of-alice')
})
afterAll(async () => {
  await chain?.stop()
  await mock?.close()
  await cluster?.close()
})

const createSecret = (
  metadata: KubeObject['metadata'],
  stringData: Record<string, string>,
): Promise<KubeObject> => {
  const secret: KubeObject & { stringData: object } = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    stringData,
  }
  return cluster.client.create(secrets, secret)
}

const createConsumer = (name: string, key: string) =>
  createSecret(
    {
      namespace: cluster.system,
      name,
      labels: { 'penstock.dev/consumer': name, 'penstock.dev/tenant': cluster.namespace },
    },
    { sha256: hashApiKey(key) },
  )

const createCredential = (name: string, apiKey: string) =>
  createSecret({ namespace: cluster.namespace, name }, { apiKey })

const create = (name: string, spec: Record<string, unknown>) => {
  const object: KubeObject & { spec: object } = {
    apiVersion: API_VERSION,
    kind: aiModelConfig.kind,
    metadata: { namespace: cluster.namespace, name },
    spec: { provider: 'OpenAICompatible', endpoint: `${mock.url}/v1`, ...spec },
  }
  return cluster.client.create(models, object)
}

const ref = (name: string) => ({ namespace: cluster.namespace, name })
const patch = (name: string, spec: Record<string, unknown>) =>
  cluster.client.patch(models, ref(name), { spec })

/** Waits until a condition of a model is this, for its present generation. */
const untilCondition = (name: string, type: string, status: string) =>
  until(`${name} ${type}=${status}`, async () => {
    const model = await cluster.client.get<RouteObject>(models, ref(name))
    const isCurrent = model?.status?.observedGeneration === model?.metadata.generation
    return isCurrent && conditionOf(model, type) === status && model
  })

const call = async (model: string, key = 'key-of-alice') => {
  const response = await request(`http://127.0.0.1:${chain.gateway.port}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  })
  return { status: response.statusCode, answer: JSON.parse(await response.body.text()) }
}
const statusOf = async (model: string, key?: string) => (await call(model, key)).status

test('a model is served, and its status says so', async () => {
  await createCredential('first', 'sk-first')
  await create('first', { model: 'gpt-mock', credential: { secretRef: { name: 'first' } } })
  const model = await untilCondition('first', 'Programmed', 'True')
  expect(conditionOf(model, 'Accepted')).toBe('True')
  await untilCondition('first', 'ResolvedRefs', 'True')
  const { status, answer } = await call('first')
  expect(status).toBe(200)
  expect(answer.model).toBe('gpt-mock')
  expect(mock.seen.at(-1)?.headers.authorization).toBe('Bearer sk-first')
})

test('an edit is served at once it says so', async () => {
  await createCredential('edited', 'x')
  await create('edited', { model: 'before', credential: { secretRef: { name: 'edited' } } })
  await untilCondition('edited', 'ResolvedRefs', 'True')
  await patch('edited', { model: 'after' })
  await untilCondition('edited', 'Programmed', 'True')
  expect((await call('edited')).answer.model).toBe('after')
})

test('a rotated credential needs no edit', async () => {
  await createCredential('rotated', 'sk-old')
  await create('rotated', { credential: { secretRef: { name: 'rotated' } } })
  await untilCondition('rotated', 'ResolvedRefs', 'True')
  await cluster.client.patch(secrets, ref('rotated'), { stringData: { apiKey: 'sk-new' } })
  await until('the new credential is shown', async () => {
    await call('rotated')
    return mock.seen.at(-1)?.headers.authorization === 'Bearer sk-new'
  })
})

test('a credential that is missing is told, and found once it is there', async () => {
  await create('early', { credential: { secretRef: { name: 'early' } } })
  await untilCondition('early', 'ResolvedRefs', 'False')
  expect(await statusOf('early')).toBe(503)
  await createCredential('early', 'x')
  await untilCondition('early', 'ResolvedRefs', 'True')
  expect(await statusOf('early')).toBe(200)
})

test('what cannot be compiled is refused with its field, and the old version goes on', async () => {
  await createCredential('broken', 'x')
  await create('broken', { credential: { secretRef: { name: 'broken' } } })
  await untilCondition('broken', 'ResolvedRefs', 'True')
  await patch('broken', { timeouts: { request: '25h' } })
  const model = await untilCondition('broken', 'Accepted', 'False')
  const accepted = model.status?.conditions?.find(({ type }) => type === 'Accepted')
  expect(accepted?.message).toBe('spec.timeouts.request: longer than 24h')
  expect(await statusOf('broken')).toBe(200)
})

test('the API server refuses a provider without an endpoint', async () => {
  await expect(create('refused', { provider: 'VLLM', endpoint: null })).rejects.toThrow(
    /endpoint is required for this provider/,
  )
})

test('a deleted model is served no longer', async () => {
  await createCredential('gone', 'x')
  await create('gone', { credential: { secretRef: { name: 'gone' } } })
  await untilCondition('gone', 'ResolvedRefs', 'True')
  await cluster.client.delete(models, ref('gone'))
  await until('404', async () => (await statusOf('gone')) === 404)
})

test('a key counts as soon as its Secret is there, and no longer than that', async () => {
  await createConsumer('bob', 'key-of-bob')
  await until('let in', async () => (await statusOf('nothing', 'key-of-bob')) === 404)
  await cluster.client.delete(secrets, { namespace: cluster.system, name: 'bob' })
  await until('kept out', async () => (await statusOf('nothing', 'key-of-bob')) === 401)
})

test('neither credentials nor keys are in a fragment or in what the gateway says', async () => {
  const { objects } = await chain.config()
  const configMaps = await cluster.client.call<object>(
    'GET',
    `/api/v1/namespaces/${cluster.system}/configmaps`,
  )
  const told = JSON.stringify([objects, configMaps])
  expect(told).toContain('first')
  expect(told).not.toMatch(/sk-first|sk-new|key-of-alice/)
})
