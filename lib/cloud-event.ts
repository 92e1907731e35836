import { z } from 'zod'

/** A CloudEvent 1.0 with JSON data; extensions are plain attributes. */
export interface Event {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject?: string
  readonly data?: unknown
  /** RFC 3339; when it was sent. */
  readonly time?: string
  /** W3C trace context. */
  readonly traceparent?: string
  readonly extensions?: Readonly<Record<string, string>>
}

/** An event in HTTP binary or structured mode. Header names are lower case. */
export interface EventMessage {
  readonly headers: Record<string, string>
  readonly body: string
}

const PREFIX = 'ce-'
const STRUCTURED = /^application\/cloudevents\+json\s*(;|$)/i
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

const attributes = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    type: z.string().min(1),
    source: z.string().min(1),
    subject: z.string().optional(),
    // What is only told to people and traces must not make an event invalid.
    time: z.iso.datetime({ offset: true }).optional().catch(undefined),
    traceparent: z.string().regex(TRACEPARENT).optional().catch(undefined),
    datacontenttype: z.string().optional(),
    dataschema: z.string().optional(),
  })
  .catchall(z.unknown())

/** Header values are percent-encoded where HTTP could not carry them (CloudEvents HTTP §3.1.3.2). */
const toHeaderValue = (value: string): string =>
  value.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent)

const fromHeaderValue = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Writes binary mode, the form that Knative's parts send; the time is now unless it is given. */
export const encodeEvent = (event: Event): EventMessage => {
  const { data, extensions, time = new Date().toISOString(), ...rest } = event
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  const values = { ...extensions, specversion: '1.0', ...rest, time }
  for (const [name, value] of Object.entries(values)) {
    headers[PREFIX + name] = toHeaderValue(value)
  }
  if (event.traceparent) headers.traceparent = event.traceparent
  return { headers, body: data === undefined ? '' : JSON.stringify(data) }
}

interface Parts {
  readonly attributes: unknown
  readonly data: unknown
}

const parseData = (text: string, contentType: string): unknown => {
  if (text === '') return undefined
  return JSON_TYPE.test(contentType) ? JSON.parse(text) : text
}

const readBinary = ({ headers, body }: EventMessage): Parts => {
  const named = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX))
  return {
    attributes: Object.fromEntries(
      named.map(([name, value]) => [name.slice(PREFIX.length), fromHeaderValue(value)]),
    ),
    data: parseData(body, headers['content-type'] ?? ''),
  }
}

const readStructured = ({ body }: EventMessage): Parts => {
  const { data, data_base64: encoded, ...rest } = z.looseObject({}).parse(JSON.parse(body))
  if (typeof encoded !== 'string') return { attributes: rest, data }
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const contentType = String(rest.datacontenttype ?? 'application/json')
  return { attributes: rest, data: parseData(text, contentType) }
}

const toExtensions = (rest: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : [],
    ),
  )

/** Reads binary or structured mode. @throws Error when it is not a valid CloudEvent. */
export const decodeEvent = (message: EventMessage): Event => {
  const { headers } = message
  const read = STRUCTURED.test(headers['content-type'] ?? '') ? readStructured : readBinary
  const parts = read(message)
  const { specversion, datacontenttype, dataschema, ...parsed } = attributes.parse(parts.attributes)
  const { id, type, source, subject, time, traceparent, ...rest } = parsed
  // The header is the newer one: who relays an event adds its span there.
  const trace = attributes.shape.traceparent.parse(headers.traceparent) ?? traceparent
  return {
    id,
    type,
    source,
    ...(subject !== undefined && { subject }),
    ...(time !== undefined && { time }),
    ...(parts.data !== undefined && { data: parts.data }),
    ...(trace !== undefined && { traceparent: trace }),
    extensions: toExtensions(rest),
  }
}
