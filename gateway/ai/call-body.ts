import type { LocalRequest } from '../proxy/local-request.ts'
import { BodyTooLarge, readBody } from '../proxy/request-body.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'

/** What a body is taken to be that does not say how long it is. */
const UNKNOWN_BYTES = 1 << 20

const overloaded = () =>
  new AiProblem('overloaded', 'The gateway holds as many requests as it can.', { retryAfter: '1' })

const toDeclaredBytes = (length: string | undefined): number =>
  length === undefined ? UNKNOWN_BYTES : Number(length)

/** Reads the body of a call, which counts against the budget until the call is over. */
export const readCallBody = (
  { budget, maxBodyBytes }: AiContext,
  { incoming, res }: LocalRequest,
  done: (body: Buffer | AiProblem) => void,
): void => {
  let taken = Math.min(maxBodyBytes, toDeclaredBytes(incoming.headers['content-length']))
  if (!budget.take(taken)) {
    done(overloaded())
    return
  }
  res.once('close', () => budget.give(taken))
  readBody(incoming, res, maxBodyBytes, (body) => {
    if (body instanceof BodyTooLarge) {
      const message = `The body is larger than ${maxBodyBytes} bytes.`
      done(new AiProblem('request_too_large', message))
      return
    }
    const more = body.length - taken
    if (more > 0 && !budget.take(more)) {
      done(overloaded())
      return
    }
    taken = Math.max(taken, body.length)
    done(body)
  })
}
