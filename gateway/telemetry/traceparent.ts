import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api'

const FORMAT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
/** The one version there is; a later one may have more at its end. */
const VERSION = '00'
const NO_VERSION = 'ff'

/**
 * The span that a caller names as the parent, if it is a valid one:
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const decodeTraceparent = (text: string | undefined): SpanContext | undefined => {
  const [, version, traceId = '', spanId = '', flags = '', rest] = FORMAT.exec(text ?? '') ?? []
  if (version === NO_VERSION || (version === VERSION && rest !== undefined)) return undefined
  const isSampled = (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) !== 0
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  const context = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(context) ? context : undefined
}
