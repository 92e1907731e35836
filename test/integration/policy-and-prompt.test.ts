import { afterAll, beforeAll, expect, test } from 'vitest'
import { aiModelConfig } from '#config/kinds/ai-model-config.ts'
import { llmRoutingPolicy } from '#config/kinds/llm-routing-policy.ts'
import { promptTemplate } from '#config/kinds/prompt-template.ts'
import { type AiChain, startAiChain } from '../fixtures/ai-chain.ts'
import { conditionOf, type RouteObject } from '../fixtures/routes.ts'
import { until } from '../fixtures/until.ts'

let ai: AiChain

beforeAll(async () => {
  ai = await startAiChain()
  await ai.createCredential('provider', 'sk-provider')
  for (const name of ['small', 'large']) {
    const credential = { secretRef: { name: 'provider' } }
    await ai.createModel(name, { model: name, credential })
    await ai.untilCondition(aiModelConfig, name, ['Programmed', 'True'])
  }
})
afterAll(() => ai?.[Symbol.asyncDispose]())

const messages = [{ role: 'user', content: 'hello' }]
const call = async (model: string, more: object = {}) => {
  const body = { model, messages, ...more }
  const { status, answer } = await ai.post('/v1/chat/completions', body)
  return { status, model: (answer as { model?: string }).model }
}
const priority = (...names: string[]) => ({
  rules: [{ strategy: 'Priority', models: names.map((name) => ({ name })) }],
})
const messageOf = (object: RouteObject, type: string) =>
  object.status?.conditions?.find((condition) => condition.type === type)?.message

test('a policy is served, and an edit of it chooses another model', async () => {
  await ai.create(llmRoutingPolicy, 'edited', priority('small'))
  const policy = await ai.untilCondition(llmRoutingPolicy, 'edited', ['Programmed', 'True'])
  expect([conditionOf(policy, 'Accepted'), conditionOf(policy, 'ResolvedRefs')]).toEqual([
    'True',
    'True',
  ])
  expect(await call('edited')).toEqual({ status: 200, model: 'small' })
  await ai.patch(llmRoutingPolicy, 'edited', priority('large'))
  await ai.untilCondition(llmRoutingPolicy, 'edited', ['Programmed', 'True'])
  expect(await call('edited')).toEqual({ status: 200, model: 'large' })
})

test('a model that is missing is told, and chosen once it is there', async () => {
  await ai.create(llmRoutingPolicy, 'early', priority('late', 'small'))
  const policy = await ai.untilCondition(llmRoutingPolicy, 'early', ['ResolvedRefs', 'False'])
  expect(messageOf(policy, 'ResolvedRefs')).toContain('AIModelConfig late not found')
  expect((await call('early')).model).toBe('small')
  await ai.createModel('late', { model: 'late', credential: { secretRef: { name: 'provider' } } })
  await ai.untilCondition(llmRoutingPolicy, 'early', ['ResolvedRefs', 'True'])
  expect((await call('early')).model).toBe('late')
  await ai.remove(aiModelConfig, 'late')
  await ai.untilCondition(llmRoutingPolicy, 'early', ['ResolvedRefs', 'False'])
  expect((await call('early')).model).toBe('small')
})

test('a condition that is none is refused with its field, and the old rules go on', async () => {
  await ai.create(llmRoutingPolicy, 'broken', priority('small'))
  await ai.untilCondition(llmRoutingPolicy, 'broken', ['Programmed', 'True'])
  const rules = [{ when: 'caller.age > 3', models: [{ name: 'large' }] }]
  await ai.patch(llmRoutingPolicy, 'broken', { rules })
  const policy = await ai.untilCondition(llmRoutingPolicy, 'broken', ['Accepted', 'False'])
  expect(messageOf(policy, 'Accepted')).toMatch(/^spec\.rules\[0\]\.when: /)
  expect((await call('broken')).model).toBe('small')
})

test.each([
  ['a limit of nothing', { limits: [{ per: ['Consumer'], window: 'Minute' }] }],
  [
    'two checks in one guardrail',
    { guardrails: [{ name: 'a', action: 'Block', pii: {}, patterns: ['x'] }] },
  ],
  ['sticky by a header without its name', { sticky: { by: 'Header' } }],
])('the API server refuses %s', async (_what, more) => {
  await expect(
    ai.create(llmRoutingPolicy, 'refused', { ...priority('small'), ...more }),
  ).rejects.toThrow(/exactly one|header goes with/)
})

const prompt = {
  model: 'small',
  variables: [{ name: 'city', type: 'String' }],
  versions: [{ name: 'v1', template: 'Weather in {city}?' }],
  expose: { path: '/weather' },
}
const textOf = ({ answer }: { answer: unknown }) => (answer as { text: string }).text

test('a prompt is served, as a model and as an endpoint, and an edit of it too', async () => {
  await ai.create(promptTemplate, 'weather', prompt)
  await ai.untilCondition(promptTemplate, 'weather', ['Programmed', 'True'])
  const variables = { city: 'Bonn' }
  expect((await call('prompt/weather', { messages: [], variables })).status).toBe(200)
  expect(textOf(await ai.post('/weather', variables))).toBe('You said: Weather in Bonn?')
  const versions = [{ name: 'v1', template: 'Rain in {city}?' }]
  await ai.patch(promptTemplate, 'weather', { versions })
  await ai.untilCondition(promptTemplate, 'weather', ['Programmed', 'True'])
  expect(textOf(await ai.post('/weather', variables))).toBe('You said: Rain in Bonn?')
  await ai.remove(promptTemplate, 'weather')
  await until(
    '404',
    async () =>
      (await ai.post('/weather', variables).catch(() => ({ status: 404 }))).status === 404,
  )
})

test('a prompt that names what it does not declare is refused with its field', async () => {
  const versions = [{ name: 'v1', template: 'Weather in {town}?' }]
  await ai.create(promptTemplate, 'broken', { ...prompt, expose: undefined, versions })
  const object = await ai.untilCondition(promptTemplate, 'broken', ['Accepted', 'False'])
  expect(messageOf(object, 'Accepted')).toMatch(/^spec\.versions\[0\]\.template: .*town/)
})

test('a prompt whose model is missing says so', async () => {
  await ai.create(promptTemplate, 'orphan', {
    ...prompt,
    model: 'none',
    expose: { path: '/orphan' },
  })
  const object = await ai.untilCondition(promptTemplate, 'orphan', ['ResolvedRefs', 'False'])
  expect(messageOf(object, 'ResolvedRefs')).toContain('model none not found')
  expect((await ai.post('/orphan', { city: 'Bonn' })).status).toBe(404)
})
