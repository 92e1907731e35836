import { at, type HeardEvent, parseSse } from './events.ts'

/** A question in no dialect. */
export interface Ask {
  readonly text: string
  readonly model?: string
  readonly stream?: boolean
  readonly tool?: string
  readonly schema?: object
  readonly maxTokens?: number
  readonly image?: boolean
}

/** An answer in no dialect. */
export interface Heard {
  readonly text: string
  readonly call?: { readonly name: unknown; readonly input: unknown }
  readonly finish: unknown
  readonly usage?: readonly [input: unknown, output: unknown]
}

/** One way to talk to the mock, so that what holds for all is tested with all. */
export interface Voice {
  readonly name: string
  readonly finishes: { readonly stop: string; readonly length: string; readonly tool: string }
  readonly parse: (bytes: Buffer) => HeardEvent[]
  ask(ask: Ask): { readonly path: string; readonly body: object }
  hear(document: unknown): Heard
  hearStream(events: readonly HeardEvent[]): Heard
  /** Whether an event is the provider's word for a failure. */
  isError(event: HeardEvent): boolean
}

/** The beginning of a PNG, in base64. */
export const PIXEL = 'iVBORw0KGgo='

/** Parameters of a tool, as a JSON schema. */
export const parametersOf = { type: 'object', properties: {} }

export const parseText = (bytes: Buffer) => parseSse(bytes.toString())

export const join = (parts: readonly unknown[]): string => parts.map((part) => part ?? '').join('')

/** What is at a path in each of the events. */
export const all = (events: readonly HeardEvent[], path: string): unknown[] =>
  events.map(({ data }) => at(data, path)).filter((value) => value !== undefined && value !== null)

export const named = (events: readonly HeardEvent[], name: string) =>
  events.filter((event) => event.name === name)

/** The call that was heard, if its name was. */
export const toCall = (name: unknown, json: string) =>
  name === undefined ? {} : { call: { name, input: JSON.parse(json) as unknown } }

/** The tokens that were told, if any were. */
export const toUsage = (usage: unknown, input: string, output: string) =>
  usage ? { usage: [at(usage, input), at(usage, output)] as const } : {}
