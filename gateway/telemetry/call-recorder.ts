import type { CallObserver, CallRecord } from '../ai/call-record.ts'
import type { Operation } from '../ai/surface.ts'
import type { ModelFragment } from '../link/linked-model.ts'
import { toOperationName } from './gen-ai.ts'
import { type Add, INSTRUMENTS, type Meter } from './instruments.ts'
import { createModelInstruments, type ModelSeries } from './model-series.ts'
import { neverThrow } from './never-throw.ts'

const MICRODOLLARS = 1_000_000
/** Targets come and go. */
const MAX_KNOWN = 2000

const createCallInstruments = (meter: Meter) => {
  const duration = meter.create(INSTRUMENTS.callDuration)
  const cost = meter.create(INSTRUMENTS.cost)
  const cache = meter.create(INSTRUMENTS.cache)
  const findings = meter.create(INSTRUMENTS.findings)
  const durations = new Map<string, Add>()
  /** By a string that is cheaper than what an instrument knows a series by. */
  const findDuration = ({ target, operation, outcome }: CallRecord): Add => {
    const key = `${target} ${operation} ${outcome}`
    const known = durations.get(key)
    if (known) return known
    if (durations.size >= MAX_KNOWN) durations.clear()
    const found = duration({ target, operation: toOperationName(operation), outcome })
    durations.set(key, found)
    return found
  }
  return (record: CallRecord): void => {
    const { target, consumer, durationMs } = record
    const { team, tenant } = consumer
    findDuration(record)(durationMs / 1000)
    if (record.cost) {
      cost({ ...(team && { team }), ...(tenant && { tenant }) })(record.cost / MICRODOLLARS)
    }
    if (record.cache) cache({ target, result: record.cache })(1)
    for (const { guardrail, stage, action, counts } of record.findings) {
      for (const [type, count] of Object.entries(counts)) {
        findings({ guardrail, stage, action, type })(count)
      }
    }
  }
}

const createModelLookup = (meter: Meter) => {
  const createSeries = createModelInstruments(meter)
  const known = new WeakMap<ModelFragment, Map<Operation, ModelSeries>>()
  return (fragment: ModelFragment, operation: Operation): ModelSeries => {
    const series = known.get(fragment) ?? new Map<Operation, ModelSeries>()
    known.set(fragment, series)
    const before = series.get(operation)
    if (before) return before
    const created = createSeries(fragment, operation)
    series.set(operation, created)
    return created
  }
}

/** Adds up what is told of calls. */
export const createCallRecorder = (meter: Meter): CallObserver => {
  const findSeries = createModelLookup(meter)
  const recordCall = createCallInstruments(meter)
  return neverThrow((record) => {
    const { tries, operation, outcome, firstMs } = record
    for (const attempt of tries) findSeries(attempt.model.fragment, operation).tried(attempt)
    // Once a stream has begun, no other model is tried.
    const last = tries.at(-1)
    if (last && outcome === 'ok' && firstMs !== undefined) {
      findSeries(last.model.fragment, operation).streamed(last, firstMs)
    }
    recordCall(record)
  })
}
