import type { Framing } from '../dialect.ts'
import { createSse } from '../sse.ts'

/** Google ends lines with CR LF. */
export const sse = createSse('\r\n')

/** What a stream is unless events are asked for: one array, element by element. */
export const jsonArray: Framing = {
  contentType: 'application/json',
  encode: (events) =>
    events.map(({ text }, index) => {
      const before = index === 0 ? '[' : ',\r\n'
      const after = index === events.length - 1 ? ']' : ''
      return Buffer.from(before + text + after)
    }),
}
