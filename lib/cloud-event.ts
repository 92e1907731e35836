import { CloudEvent, HTTP } from 'cloudevents'

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

const ATTRIBUTES = new Set([
  'id',
  'type',
  'source',
  'subject',
  'data',
  'time',
  'specversion',
  'datacontenttype',
  'dataschema',
  'traceparent',
])

/** Writes binary mode, the form that Knative's parts send. */
export const encodeEvent = (event: Event): EventMessage => {
  const { extensions = {}, ...attributes } = event
  const { headers, body } = HTTP.binary(new CloudEvent({ ...attributes, ...extensions }))
  return {
    headers: {
      ...(headers as Record<string, string>),
      ...(event.traceparent && { traceparent: event.traceparent }),
    },
    body: (body as string | undefined) ?? '',
  }
}

/** Reads binary or structured mode. @throws Error when it is not a valid CloudEvent. */
export const decodeEvent = (message: EventMessage): Event => {
  const event = HTTP.toEvent<unknown>(message)
  if (Array.isArray(event)) throw new Error('batched CloudEvents are not supported')
  const extensions: Record<string, string> = {}
  for (const [name, value] of Object.entries(event)) {
    if (!ATTRIBUTES.has(name) && typeof value === 'string') extensions[name] = value
  }
  const traceparent = message.headers.traceparent ?? event.traceparent
  return {
    id: event.id,
    type: event.type,
    source: event.source,
    ...(event.subject && { subject: event.subject }),
    ...(event.time && { time: event.time }),
    ...(event.data !== undefined && { data: event.data }),
    ...(typeof traceparent === 'string' && { traceparent }),
    extensions,
  }
}
