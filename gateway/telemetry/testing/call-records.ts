import type { CallRecord, TryRecord } from '../../ai/call-record.ts'
import { type LinkedModel, linkModel, type ModelFragment } from '../../link/linked-model.ts'

/** When calls of tests are made. */
export const STARTED_AT_MS = Date.UTC(2026, 10, 22, 10, 20, 30)

const NO_SECRETS = { read: () => undefined, findProblem: () => undefined }

export const toModel = (fragment: ModelFragment): LinkedModel =>
  linkModel(fragment, NO_SECRETS, undefined)

export const toTry = (fragment: ModelFragment, more: Partial<TryRecord> = {}): TryRecord => ({
  model: toModel(fragment),
  outcome: 'ok',
  startedAtMs: STARTED_AT_MS + 1,
  durationMs: 1500,
  status: 200,
  usage: { inputTokens: 100, outputTokens: 11 },
  ...more,
})

/** A call that went well, unless more is said. */
export const toRecord = (more: Partial<CallRecord> = {}): CallRecord => ({
  requestId: 'req-1',
  traceparent: undefined,
  target: 'shop/chat',
  consumer: { name: 'alice', team: 'red', tenant: 'shop' },
  operation: 'chat',
  isStream: false,
  outcome: 'ok',
  cause: undefined,
  startedAtMs: STARTED_AT_MS,
  durationMs: 1502,
  firstMs: undefined,
  usage: undefined,
  cost: undefined,
  cache: undefined,
  tries: [],
  findings: [],
  ...more,
})
