import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { CallObserver, CallRecord, TryRecord } from '../ai/call-record.ts'
import type { Operation } from '../ai/surface.ts'
import { toModelAttributes, toOperationName } from './gen-ai.ts'
import { neverThrow } from './never-throw.ts'
import { toAnswerer, toCallAttributes, toTryAttributes } from './span-attributes.ts'
import { decodeTraceparent } from './traceparent.ts'

type Ended = Pick<CallRecord, 'outcome' | 'startedAtMs' | 'durationMs'>

const end = (span: Span, { outcome, startedAtMs, durationMs }: Ended): void => {
  if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(startedAtMs + durationMs)
}

const toParent = (record: CallRecord): Context => {
  const parent = decodeTraceparent(record.traceparent)
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
}

const startCall = (tracer: Tracer, record: CallRecord): Span => {
  const operation = toOperationName(record.operation)
  // What a sampler may want to know has to be there from the start.
  const attributes = {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': toAnswerer(record),
    'gen_ai.request.model': record.target,
  }
  const options = { kind: SpanKind.SERVER, startTime: record.startedAtMs, attributes }
  return tracer.startSpan(`${operation} ${record.target}`, options, toParent(record))
}

const tellTry = (
  tracer: Tracer,
  attempt: TryRecord,
  operation: Operation,
  context: Context,
): void => {
  const { fragment } = attempt.model
  const { model, endpoint } = fragment.spec
  const attributes = {
    ...toModelAttributes(fragment, operation),
    'server.address': endpoint.host,
    'server.port': endpoint.port,
  }
  const options = { kind: SpanKind.CLIENT, startTime: attempt.startedAtMs, attributes }
  const span = tracer.startSpan(`${toOperationName(operation)} ${model}`, options, context)
  span.setAttributes(toTryAttributes(attempt))
  end(span, attempt)
}

/**
 * Tells of a call as the spans of a trace, once it is over: one for the caller, and one below it for
 * each try of a model. Nothing of what was asked or answered is in them.
 */
export const createCallSpans = (tracer: Tracer): CallObserver =>
  neverThrow((record) => {
    const span = startCall(tracer, record)
    if (!span.isRecording()) return
    span.setAttributes(toCallAttributes(record))
    const context = trace.setSpan(ROOT_CONTEXT, span)
    for (const attempt of record.tries) tellTry(tracer, attempt, record.operation, context)
    end(span, record)
  })
