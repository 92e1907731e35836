import { type Outgoing, writeHead } from '../proxy/http.ts'
import { AiProblem } from './ai-problem.ts'
import { answerJson, answerProblem } from './answer.ts'
import type { CallerDialect } from './dialect.ts'

/** Where an answer comes from, as far as it must wait for its reader. */
export interface Pausable {
  pause(): void
  resume(): void
}

const CRASH = new AiProblem('internal_error', 'The gateway failed.')

/** What the caller of one call gets to read. */
export class CallerAnswer {
  readonly #res: Outgoing
  readonly #dialect: CallerDialect
  #hasBegun = false
  #isPaused = false

  constructor(res: Outgoing, dialect: CallerDialect) {
    this.#res = res
    this.#dialect = dialect
  }

  /** Whether a status was sent, so that a failure can only be told within the stream. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** @param headers of the answer, if these are its first events */
  writeEvents(text: string, headers: () => readonly string[], source?: Pausable): void {
    if (!this.#hasBegun) this.#begin(headers())
    if (text === '' || this.#write(text) || this.#isPaused || !source) return
    this.#isPaused = true
    source.pause()
    this.#res.once('drain', () => {
      this.#isPaused = false
      source.resume()
    })
  }

  end(text = ''): void {
    if (text !== '') this.#write(text)
    this.#res.end()
  }

  answer(status: number, body: string | Buffer, headers: readonly string[]): void {
    answerJson(this.#res, status, body, headers)
  }

  fail(problem: AiProblem, headers: readonly string[]): void {
    if (!this.#hasBegun) answerProblem(this.#res, this.#dialect, problem, { headers })
    else this.end(Buffer.from(this.#dialect.encodeProblemEvent(problem)).toString('latin1'))
  }

  /** Ends it whatever state it is in. */
  crash(): void {
    if (this.#res.headersSent) this.#res.destroy()
    else answerProblem(this.#res, this.#dialect, CRASH)
  }

  #begin(headers: readonly string[]): void {
    this.#hasBegun = true
    const type = ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache']
    writeHead(this.#res, 200, [...type, ...headers])
  }

  #write(text: string): boolean {
    // HTTP/2 takes no latin1.
    return 'stream' in this.#res
      ? this.#res.write(Buffer.from(text, 'latin1'))
      : this.#res.write(text, 'latin1')
  }
}
