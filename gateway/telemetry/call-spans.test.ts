import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { modelFragment } from '#test/fixtures/models.ts'
import type { CallRecord } from '../ai/call-record.ts'
import { createCallSpans } from './call-spans.ts'
import { STARTED_AT_MS, toRecord, toTry } from './testing/call-records.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

const claude = modelFragment({
  namespace: 'shop',
  name: 'claude',
  provider: 'Bedrock',
  model: 'anthropic.claude-opus-4-5',
  version: 'v2',
  endpoint: { protocol: 'https', host: 'bedrock.example', port: 443, basePath: '' },
})
const local = modelFragment({ namespace: 'shop', name: 'local', provider: 'VLLM', model: 'qwen3' })

const createIds = () => {
  let last = 0
  const next = (length: number) => {
    last += 1
    return String(last).padStart(length, '0')
  }
  return { generateTraceId: () => next(32), generateSpanId: () => next(16) }
}

const start = () => {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    idGenerator: createIds(),
  })
  const observe = createCallSpans(provider.getTracer('test'))
  return { observe, spans: () => exporter.getFinishedSpans() }
}

const toMs = ([seconds, nanoseconds]: ReadableSpan['startTime']) =>
  Math.round(seconds * 1000 + nanoseconds / 1e6) - STARTED_AT_MS

const toGolden = (span: ReadableSpan) => ({
  name: span.name,
  kind: SpanKind[span.kind],
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  parent: span.parentSpanContext?.spanId ?? null,
  fromMs: toMs(span.startTime),
  toMs: toMs(span.endTime),
  status: SpanStatusCode[span.status.code],
  events: span.events.length,
  attributes: span.attributes,
})

const refused = { outcome: 'rate_limited', status: 429, usage: undefined } as const

test.each<[string, Partial<CallRecord>]>([
  [
    'stream-with-failover',
    {
      traceparent: `00-${TRACE}-${SPAN}-01`,
      isStream: true,
      firstMs: 250.5,
      durationMs: 1600,
      usage: { inputTokens: 100, outputTokens: 11, cachedInputTokens: 64 },
      cost: 1250,
      cache: 'miss',
      tries: [
        toTry(claude, { ...refused, startedAtMs: STARTED_AT_MS + 2, durationMs: 40 }),
        toTry(local, {
          startedAtMs: STARTED_AT_MS + 42,
          usage: {
            inputTokens: 100,
            outputTokens: 11,
            cachedInputTokens: 64,
            cacheWriteInputTokens: 12,
            reasoningTokens: 5,
          },
        }),
      ],
      findings: [
        { guardrail: 'pii', stage: 'Request', action: 'Mask', counts: { email: 2, iban: 1 } },
      ],
    },
  ],
  [
    'call-invalid-unreachable',
    {
      outcome: 'failed',
      cause: 'connect_refused',
      tries: [toTry(local, { outcome: 'failed', status: 0, durationMs: 3, usage: undefined })],
    },
  ],
  ['call-with-cache-hit', { cache: 'hit', durationMs: 1, consumer: { name: 'bob' } }],
  [
    'embeddings',
    { operation: 'embeddings', target: 'shop/vectors', tries: [toTry(local)], cost: 0 },
  ],
])('tells of a call in spans: %s', async (name, more) => {
  const { observe, spans } = start()
  observe(toRecord(more))
  const golden = spans().map(toGolden)
  await expect(stringify(golden)).toMatchFileSnapshot(`goldens/${name}.out.yaml`)
})

test('a parent that is none is left out', () => {
  const { observe, spans } = start()
  observe(toRecord({ traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` }))
  expect(spans()).toHaveLength(1)
  expect(spans()[0]?.parentSpanContext).toBeUndefined()
})

test('tells nothing where the caller wants no trace', () => {
  const { observe, spans } = start()
  const record = toRecord({ traceparent: `00-${TRACE}-${SPAN}-00` })
  const read: PropertyKey[] = []
  const get = (target: CallRecord, name: PropertyKey): unknown => {
    read.push(name)
    return Reflect.get(target, name)
  }
  observe(new Proxy(record, { get }))
  expect(spans()).toEqual([])
  // Of what is not traced, no more is read than it takes to know that.
  expect(read).toContain('traceparent')
  expect(read).not.toContain('findings')
})

test('what cannot be told fails nothing', () => {
  const { observe, spans } = start()
  expect(() => observe(null as unknown as CallRecord)).not.toThrow()
  expect(spans()).toEqual([])
})
