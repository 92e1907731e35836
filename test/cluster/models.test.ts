import { randomBytes } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Condition } from '#config/kinds/common.ts'
import { hashApiKey } from '#gateway/policies/api-key/consumer-directory.ts'
import { deleteEcho, deployEcho, type Echo } from './echo.ts'
import { apply, get, kubectl, until } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'

const NAME = 'models-test'
const apiKey = randomBytes(24).toString('base64url')

/** In place of a provider: it answers with what it was asked. */
const model = {
  apiVersion: 'penstock.dev/v1alpha1',
  kind: 'AIModelConfig',
  metadata: { name: NAME, namespace: TEST_NAMESPACE },
  spec: {
    provider: 'OpenAICompatible',
    endpoint: `http://${NAME}.${TEST_NAMESPACE}.svc.cluster.local/v1`,
    credential: { secretRef: { name: NAME } },
  },
}

const toCredential = (value: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: NAME, namespace: TEST_NAMESPACE },
  stringData: { apiKey: value },
})

const consumer = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: NAME,
    namespace: NAMESPACE,
    labels: { 'penstock.dev/consumer': NAME, 'penstock.dev/tenant': TEST_NAMESPACE },
  },
  stringData: { sha256: hashApiKey(apiKey) },
}

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'penstock-credentials', namespace: TEST_NAMESPACE },
  roleRef: {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    name: 'penstock-credentials',
  },
  subjects: [{ kind: 'ServiceAccount', name: 'gateway', namespace: NAMESPACE }],
}

beforeAll(async () => {
  await deployEcho(NAME)
  await apply(consumer)
})
afterAll(async () => {
  const kinds = ['aimodelconfig', 'llmroutingpolicy', 'prompttemplate', 'secret']
  const own = ['--ignore-not-found', ...kinds.map((kind) => `${kind}/${NAME}`)]
  await kubectl('-n', TEST_NAMESPACE, 'delete', ...own, 'rolebinding/penstock-credentials')
  await kubectl('-n', NAMESPACE, 'delete', '--ignore-not-found', `secret/${NAME}`)
  await deleteEcho(NAME)
})

const untilCondition = (
  type: string,
  status: string,
  resource = 'aimodelconfig',
): Promise<Condition> =>
  until(`${resource} ${type}=${status}`, async () => {
    const { status: told } = await get<{ status?: { conditions?: Condition[] } }>(
      ...['-n', TEST_NAMESPACE, resource, NAME],
    )
    const found = told?.conditions?.find((condition) => condition.type === type)
    return found?.status === status && found
  })

const call = async (key = apiKey, asked = NAME) => {
  const { http } = inject('installation')
  const response = await request(`${http}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: asked, messages: [{ role: 'user', content: 'hello' }] }),
  })
  const text = await response.body.text()
  return { status: response.statusCode, answer: JSON.parse(text) as Echo & { error?: object } }
}

test('without the right to its credential a model says so, and answers so', async () => {
  await apply(toCredential('sk-first'), model)
  await untilCondition('Programmed', 'True')
  const condition = await untilCondition('ResolvedRefs', 'False')
  expect(condition.reason).toBe('RefNotPermitted')
  expect(await call()).toMatchObject({
    status: 503,
    answer: { error: { code: 'credential_missing' } },
  })
})

test('with it, a call reaches the provider with the credential, not with the key', async () => {
  await apply(binding)
  await untilCondition('ResolvedRefs', 'True')
  const { status, answer } = await call()
  expect(status).toBe(200)
  expect(answer).toMatchObject({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer sk-first' },
  })
})

test('a rotated credential is shown by every replica, without an edit', async () => {
  await apply(toCredential('sk-second'))
  await until('both replicas show the new one', async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => call()))
    return answers.every(({ answer }) => answer.headers.authorization === 'Bearer sk-second')
  })
})

test('a policy and a prompt are live like any edit', async () => {
  const header = { apiVersion: 'penstock.dev/v1alpha1', metadata: model.metadata }
  const policy = { rules: [{ models: [{ name: 'missing' }] }] }
  const prompt = { model: NAME, versions: [{ name: 'v1', template: 'hello' }] }
  await apply(
    { ...header, kind: 'LLMRoutingPolicy', spec: policy },
    { ...header, kind: 'PromptTemplate', spec: prompt },
  )
  await untilCondition('ResolvedRefs', 'True', 'prompttemplate')
  await untilCondition('ResolvedRefs', 'False', 'llmroutingpolicy')
  // The policy stands before the model of its name.
  expect((await call()).status).toBe(404)
  const rules = [{ models: [{ name: NAME }] }]
  await apply({ ...header, kind: 'LLMRoutingPolicy', spec: { rules } })
  await untilCondition('ResolvedRefs', 'True', 'llmroutingpolicy')
  await untilCondition('Programmed', 'True', 'prompttemplate')
  expect((await call()).status).toBe(200)
})

test('nobody gets in with another key', async () => {
  expect((await call('nobody')).status).toBe(401)
})

test('kubectl shows what one asks first', async () => {
  const wide = await kubectl('-n', TEST_NAMESPACE, 'get', 'aimodelconfigs', NAME)
  expect(wide).toMatch(/PROVIDER +MODEL +VERSION +ACCEPTED +RESOLVEDREFS +PROGRAMMED +AGE/)
  expect(wide).toMatch(/OpenAICompatible +True +True +True/)
})
