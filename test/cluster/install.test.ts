import { request } from 'undici'
import { expect, inject, test } from 'vitest'
import { readyPods } from './deploy.ts'
import { deleteEcho, deployEcho, type Echo } from './echo.ts'
import { apply, get, kubectl, run, until } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'

interface Conditioned {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly status: { readonly conditions: readonly { type: string; status: string }[] }
}

test('Knative reports every object of the chain as ready', async () => {
  const kinds = 'broker,trigger,pingsource,apiserversource'
  const { items } = await get<{ items: Conditioned[] }>('-n', NAMESPACE, kinds)
  const notReady = items.filter(
    ({ status }) => !status.conditions.some((c) => c.type === 'Ready' && c.status === 'True'),
  )
  expect(items.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual([
    ...(process.env.PENSTOCK_SOURCE === 'cr-source' ? [] : ['ApiServerSource/penstock']),
    'Broker/penstock',
    'PingSource/penstock-resync',
    'Trigger/model-compile',
    'Trigger/prompt-render',
    'Trigger/route-compile',
    'Trigger/status-update',
  ])
  expect(notReady.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([])
})

test('the Broker accepts an event before its subscribers have', async () => {
  const { items } = await get<{ items: { metadata: { annotations: Record<string, string> } }[] }>(
    ...['-n', NAMESPACE, 'inmemorychannel'],
  )
  expect(items.map(({ metadata }) => metadata.annotations)).toEqual([
    expect.objectContaining({ 'messaging.knative.dev/async-handler': 'true' }),
  ])
})

test('two gateway replicas are ready', async () => {
  expect(await readyPods('gateway')).toHaveLength(2)
})

test('the API server accepts every sample, unknown fields refused', async () => {
  const samples = await kubectl('kustomize', 'config/samples')
  const answer = await run(
    'kubectl',
    ['create', '--dry-run=server', '--validate=strict', '-n', TEST_NAMESPACE, '-f', '-'],
    { input: samples },
  )
  expect(answer.match(/created \(server dry run\)/g)).toHaveLength(samples.split('\n---\n').length)
})

/** Service account, what of `kubectl auth can-i`, and the answer. */
const PERMISSIONS: [string, string, 'yes' | 'no'][] = [
  ['route-compile', 'list apiroutes.penstock.dev -A', 'yes'],
  ['route-compile', `update configmaps -n ${NAMESPACE}`, 'yes'],
  ['route-compile', 'update configmaps -n default', 'no'],
  ['route-compile', `get secrets -n ${NAMESPACE}`, 'no'],
  ['route-compile', 'patch apiroutes.penstock.dev --subresource=status -n default', 'no'],
  ['model-compile', 'list aimodelconfigs.penstock.dev -A', 'yes'],
  ['model-compile', 'list llmroutingpolicies.penstock.dev -A', 'yes'],
  ['prompt-render', 'list prompttemplates.penstock.dev -A', 'yes'],
  ['prompt-render', `get secrets -n ${NAMESPACE}`, 'no'],
  ['model-compile', `get secrets -n ${NAMESPACE}`, 'no'],
  ['status-update', 'patch aimodelconfigs.penstock.dev --subresource=status -A', 'yes'],
  ['status-update', 'patch apiroutes.penstock.dev --subresource=status -A', 'yes'],
  ['status-update', 'patch apiroutes.penstock.dev -n default', 'no'],
  ['status-update', 'create events -A', 'yes'],
  ['status-update', `watch endpointslices.discovery.k8s.io -n ${NAMESPACE}`, 'yes'],
  ['status-update', 'get /config', 'yes'],
  ['gateway', `watch configmaps -n ${NAMESPACE}`, 'yes'],
  ['gateway', `create configmaps -n ${NAMESPACE}`, 'no'],
  ['gateway', `watch secrets -n ${NAMESPACE}`, 'yes'],
  ['gateway', 'get secrets -n default', 'no'],
  ['gateway', 'watch services -A', 'yes'],
  ['gateway', 'create tokenreviews.authentication.k8s.io', 'yes'],
  ['gateway', 'create subjectaccessreviews.authorization.k8s.io', 'yes'],
  ['gateway', 'get /config', 'no'],
  ['source', 'watch apiroutes.penstock.dev -A', 'yes'],
  ['source', 'watch aimodelconfigs.penstock.dev -A', 'yes'],
  ['source', 'list secrets -n default', 'no'],
]

test.each(PERMISSIONS)('may the service account %s %s? %s', async (account, question, answer) => {
  const as = `--as=system:serviceaccount:${NAMESPACE}:${account}`
  const said = await kubectl('auth', 'can-i', ...question.split(' '), as).catch(
    (error: Error) => error.message, // "no" is exit status 1
  )
  expect(said).toMatch(new RegExp(`^${answer}\\b`, 'm'))
})

test('an applied route is served, and its status says so', async () => {
  const { http } = inject('installation')
  await deployEcho('echo-install', 'v1')
  const route = {
    apiVersion: 'penstock.dev/v1alpha1',
    kind: 'APIRoute',
    metadata: { name: 'install', namespace: TEST_NAMESPACE },
    spec: {
      matches: [{ path: { value: '/install' } }],
      backendRefs: [{ name: 'echo-install', port: 80 }],
    },
  }
  await apply(route)
  const wait = ['wait', '--for=condition=Programmed', 'apiroute/install', '--timeout=60s']
  await kubectl('-n', TEST_NAMESPACE, ...wait)
  const echo = await until('the route answers', async () => {
    const { statusCode, body } = await request(`${http}/install/now?x=1`)
    const text = await body.text()
    return statusCode === 200 && (JSON.parse(text) as Echo)
  })
  expect(echo).toMatchObject({ path: '/install/now?x=1', version: 'v1' })
  await kubectl('-n', TEST_NAMESPACE, 'delete', 'apiroute', 'install')
  await deleteEcho('echo-install')
})
