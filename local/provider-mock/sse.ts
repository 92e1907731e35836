import type { Framing } from './dialect.ts'

/** Server-sent events; a name becomes the `event` line. */
export const createSse = (lineEnd: '\n' | '\r\n'): Framing => ({
  contentType: 'text/event-stream',
  encode: (events) =>
    events.map(({ name, text }) => {
      const title = name === undefined ? '' : `event: ${name}${lineEnd}`
      return Buffer.from(`${title}data: ${text}${lineEnd}${lineEnd}`)
    }),
})

export const sse = createSse('\n')
