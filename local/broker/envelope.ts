import { decodeEvent, type EventMessage, encodeEvent } from '#lib/cloud-event.ts'
import type { Attributes } from './filter.ts'

/** An event on its way through the broker, in binary mode. */
export interface Envelope {
  readonly attributes: Attributes
  readonly message: EventMessage
  /** Hops left: each reply has one less, so that two functions cannot feed each other forever. */
  readonly ttl: number
}

const REQUIRED = ['id', 'source', 'type'] as const
/** Headers that travel with an event, beside its attributes. */
const PASSED = new Set(['content-type', 'traceparent', 'tracestate', 'kn-namespace'])
/** Set by brokers only. */
const OWN = new Set(['ce-knativebrokerttl', 'ce-knativearrivaltime'])

const isPassed = (name: string): boolean =>
  (name.startsWith('ce-') || PASSED.has(name)) && !OWN.has(name)

const isStructured = ({ headers }: EventMessage): boolean =>
  headers['content-type']?.startsWith('application/cloudevents') ?? false

/** Whether a response claims to be an event; the alternative is a plain HTTP body. */
export const isEventMessage = (message: EventMessage): boolean =>
  isStructured(message) || 'ce-specversion' in message.headers

const toBinary = (message: EventMessage): EventMessage => {
  if (!isStructured(message)) return message
  const { headers, body } = encodeEvent(decodeEvent(message))
  const { tracestate } = message.headers
  return { headers: { ...headers, ...(tracestate && { tracestate }) }, body }
}

const toAttributes = (headers: Record<string, string>): Attributes => {
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) attributes[name.slice(3)] = value
    else if (name === 'content-type') attributes.datacontenttype = value
  }
  return attributes
}

/**
 * Takes an event in, as a Broker's ingress does.
 *
 * @throws Error when it is not a CloudEvent 1.0.
 */
export const toEnvelope = (incoming: EventMessage, ttl: number): Envelope => {
  const { headers, body } = toBinary(incoming)
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => isPassed(name)))
  const attributes = toAttributes(passed)
  const missing = REQUIRED.filter((name) => !attributes[name])
  if (attributes.specversion !== '1.0' || missing.length > 0) {
    throw new Error(`not a CloudEvent 1.0; missing attributes: ${missing.join(', ') || 'none'}`)
  }
  const arrival = { 'ce-knativearrivaltime': new Date().toISOString() }
  return { attributes, message: { headers: { ...passed, ...arrival }, body }, ttl }
}
