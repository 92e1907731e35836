import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createLog } from '#lib/telemetry/log.ts'
import { modelFragment } from '#test/fixtures/models.ts'
import { createTelemetry, type TelemetryOptions } from './telemetry.ts'
import { toRecord, toTry } from './testing/call-records.ts'
import { startCollector } from './testing/collector.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

const attribute = z.object({ key: z.string(), value: z.looseObject({}) })
const resource = z.object({ attributes: z.array(attribute) })
const span = z.object({ name: z.string(), traceId: z.string(), attributes: z.array(attribute) })
const traces = z.object({
  resourceSpans: z.array(
    z.object({ resource, scopeSpans: z.array(z.object({ spans: z.array(span) })) }),
  ),
})
const metric = z.object({ name: z.string(), unit: z.string() }).loose()
const metrics = z.object({
  resourceMetrics: z.array(
    z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) }),
  ),
})

const start = async (endpoint: string | undefined, options: Partial<TelemetryOptions> = {}) => {
  const lines: string[] = []
  const telemetry = await createTelemetry({
    endpoint,
    headers: {},
    sampleRatio: 1,
    serviceName: 'penstock-gateway',
    serviceVersion: '1.2.3',
    instanceId: 'gateway-0',
    log: createLog('test', 'info', { write: (line) => void lines.push(line) }),
    ...options,
  })
  const observe = (record = toRecord({ tries: [toTry(modelFragment())] })) => {
    for (const each of telemetry.observers) each(record)
  }
  return { ...telemetry, observe, lines }
}

const collect = async (answering?: Promise<void>) => {
  const collector = await startCollector(answering)
  onTestFinished(collector.close)
  const bodies = (path: string) =>
    collector.exports.filter((each) => each.path === path).map(({ body }) => body)
  return {
    ...collector,
    spans: () =>
      bodies('/v1/traces').flatMap((body) =>
        traces
          .parse(body)
          .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
  }
}

test('shutdown sends the spans and metrics that are left', async () => {
  const { url, exports } = await collect()
  const { observe, shutdown, lines } = await start(`${url}/otlp/`, { headers: { 'x-key': 'k' } })
  observe()
  await shutdown()
  const sent = new Map(exports.map(({ path, body }) => [path, body]))
  expect([...sent.keys()].sort()).toEqual(['/otlp/v1/metrics', '/otlp/v1/traces'])
  expect(exports[0]?.headers['x-key']).toBe('k')
  expect(lines).toEqual([])

  const [spans] = traces.parse(sent.get('/otlp/v1/traces')).resourceSpans
  const [numbers] = metrics.parse(sent.get('/otlp/v1/metrics')).resourceMetrics
  const names = spans?.scopeSpans.flatMap((scope) => scope.spans.map(({ name }) => name))
  expect(names).toEqual(['chat gpt-mock', 'chat shop/chat'])
  for (const { attributes } of [spans!.resource, numbers!.resource]) {
    expect(attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'penstock-gateway' } },
        { key: 'service.version', value: { stringValue: '1.2.3' } },
        { key: 'service.instance.id', value: { stringValue: 'gateway-0' } },
      ]),
    )
  }
  const measured = numbers?.scopeMetrics.flatMap((scope) => scope.metrics)
  expect(measured?.map(({ name, unit }) => [name, unit])).toEqual([
    ['gen_ai.client.operation.duration', 's'],
    ['gen_ai.client.token.usage', '{token}'],
    ['penstock.call.tries', '{try}'],
    ['penstock.call.duration', 's'],
  ])
  expect(measured?.[0]).toMatchObject({
    histogram: {
      dataPoints: [
        {
          attributes: [
            { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
            { key: 'gen_ai.provider.name', value: { stringValue: 'openaicompatible' } },
            { key: 'gen_ai.request.model', value: { stringValue: 'gpt-mock' } },
          ],
          explicitBounds: expect.arrayContaining([0.01, 81.92]),
          count: 1,
          sum: 1.5,
        },
      ],
    },
  })
})

test('what a record may hold beside what is told of it is not told', async () => {
  const { url, exports } = await collect()
  const { observe, shutdown } = await start(url)
  observe({ ...toRecord({ tries: [toTry(modelFragment())] }), prompt: 'hunter2' } as never)
  await shutdown()
  expect(exports).toHaveLength(2)
  expect(JSON.stringify(exports)).not.toContain('hunter2')
})

test.each([
  ['follows the caller who samples', 0, `00-${TRACE}-${SPAN}-01`, [TRACE]],
  ['follows the caller who does not', 1, `00-${TRACE}-${SPAN}-00`, []],
  ['samples by its own ratio where the caller is silent', 0, undefined, []],
])('%s', async (_what, sampleRatio, traceparent, sampled) => {
  const { url, spans } = await collect()
  const { observe, shutdown } = await start(url, { sampleRatio })
  observe(toRecord({ traceparent }))
  await shutdown()
  expect(spans().map(({ traceId }) => traceId)).toEqual(sampled)
})

test('while the collector is slow, spans are dropped and nothing else', async () => {
  const { promise, resolve: answer } = Promise.withResolvers<void>()
  const { url, spans } = await collect(promise)
  const { observe, shutdown } = await start(url)
  for (let call = 0; call < 6000; call += 1) observe(toRecord())
  const done = shutdown()
  answer()
  await done
  // The batch that was on its way, and as many as may wait.
  expect(spans()).toHaveLength(512 + 4096)
})

test('a collector that cannot be reached costs a line for each signal', async () => {
  const { url, close } = await startCollector()
  await close()
  const { observe, shutdown, lines } = await start(url, { timeoutMs: 500 })
  for (let call = 0; call < 2000; call += 1) observe()
  await expect(shutdown()).resolves.toBeUndefined()
  expect(
    lines.map((line) => JSON.parse(line)).sort((a, b) => (a.signal < b.signal ? -1 : 1)),
  ).toMatchObject([
    { level: 40, msg: 'telemetry not exported', signal: 'metrics', code: 'ECONNREFUSED' },
    { level: 40, msg: 'telemetry not exported', signal: 'spans', code: 'ECONNREFUSED' },
  ])
})

test('a collector that never answers does not hold up the shutdown', async () => {
  const { url } = await collect(new Promise(() => {}))
  const { observe, shutdown } = await start(url, { timeoutMs: 100 })
  observe()
  await expect(shutdown()).resolves.toBeUndefined()
})

/** What a process of its own loads of the SDK. */
const load = async (endpoint: string): Promise<string[]> => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    const { createTelemetry } = await import(${JSON.stringify(import.meta.resolve('./telemetry.ts'))})
    const { observers } = await createTelemetry({
      endpoint: ${endpoint}, headers: {}, sampleRatio: 1,
      serviceName: 'a', serviceVersion: 'b', instanceId: 'c', log: {},
    })
    const packages = loaded.map((url) => /node_modules\\/(@opentelemetry\\/[^/]+)/.exec(url)?.[1])
    console.log(JSON.stringify([observers.length, ...new Set(packages.filter(Boolean))]))
    process.exit()
  `
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return z.array(z.coerce.string()).parse(JSON.parse(stdout))
}

test('without an endpoint nothing is told, and nothing of the SDK is loaded', async () => {
  expect(await load('undefined')).toEqual(['0'])
  expect(await load('"http://127.0.0.1:9"')).toEqual(
    expect.arrayContaining(['2', '@opentelemetry/sdk-trace', '@opentelemetry/sdk-metrics']),
  )
})
