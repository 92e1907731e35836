import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { tryParse } from './json.ts'

const MAX_SEEN = 100

/** A request as it came. */
export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Parsed when it is JSON, else the text; undefined when the client left within it. */
  readonly body: unknown
  /** The client left before the answer was complete. */
  readonly aborted: boolean
}

/** A request whose story is still being written. */
export interface SeenEntry extends SeenRequest {
  text: string | undefined
  aborted: boolean
}

export const createEntry = ({ method = '', url = '', headers }: IncomingMessage): SeenEntry => ({
  method,
  path: url,
  headers,
  text: undefined,
  aborted: false,
  // Parsed when a test looks, which a benchmark never does.
  get body() {
    return this.text === undefined ? undefined : (tryParse(this.text) ?? this.text)
  },
})

/** Keeps the last ones only. */
export const addSeen = (seen: SeenEntry[], entry: SeenEntry): void => {
  seen.push(entry)
  if (seen.length > MAX_SEEN) seen.shift()
}
