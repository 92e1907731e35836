import { afterAll, beforeAll, expect, test } from 'vitest'
import { aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { secrets } from '#lib/kube/types.ts'
import { type AiChain, startAiChain } from '../fixtures/ai-chain.ts'
import { conditionOf } from '../fixtures/routes.ts'
import { until } from '../fixtures/until.ts'

let ai: AiChain

beforeAll(async () => {
  ai = await startAiChain()
})
afterAll(() => ai?.[Symbol.asyncDispose]())

const create = (name: string, spec: object) => ai.createModel(name, spec)
const createCredential = (name: string, apiKey: string) => ai.createCredential(name, apiKey)
const patch = (name: string, spec: object) => ai.patch(aiModelConfig, name, spec)
const ref = (name: string) => ({ namespace: ai.cluster.namespace, name })

const untilCondition = (name: string, type: string, status: string) =>
  ai.untilCondition(aiModelConfig, name, [type, status])

const messages = [{ role: 'user', content: 'hello' }]
const call = async (model: string, key?: string) => {
  const { status, answer } = await ai.post('/v1/chat/completions', { model, messages }, key)
  return { status, answer: answer as { model?: string } }
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
  expect(ai.mock.seen.at(-1)?.headers.authorization).toBe('Bearer sk-first')
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
  await ai.cluster.client.patch(secrets, ref('rotated'), { stringData: { apiKey: 'sk-new' } })
  await until('the new credential is shown', async () => {
    await call('rotated')
    return ai.mock.seen.at(-1)?.headers.authorization === 'Bearer sk-new'
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
  await ai.remove(aiModelConfig, 'gone')
  await until('404', async () => (await statusOf('gone')) === 404)
})

test('a key counts as soon as its Secret is there, and no longer than that', async () => {
  await ai.createConsumer('bob', 'key-of-bob')
  await until('let in', async () => (await statusOf('nothing', 'key-of-bob')) === 404)
  await ai.cluster.client.delete(secrets, { namespace: ai.cluster.system, name: 'bob' })
  await until('kept out', async () => (await statusOf('nothing', 'key-of-bob')) === 401)
})

test('neither credentials nor keys are in a fragment or in what the gateway says', async () => {
  const { objects } = await ai.chain.config()
  const configMaps = await ai.cluster.client.call<object>(
    'GET',
    `/api/v1/namespaces/${ai.cluster.system}/configmaps`,
  )
  const told = JSON.stringify([objects, configMaps])
  expect(told).toContain('first')
  expect(told).not.toMatch(/sk-first|sk-new|key-of-alice/)
})
