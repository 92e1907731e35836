import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Dialect } from './dialect.ts'
import { findRoute } from './dialects.ts'
import { tryParse } from './json.ts'
import { ProviderError } from './provider-error.ts'
import { type Script, toScript } from './script.ts'
import { type Steering, toSteering, withoutFault } from './steering.ts'

/** All of a request that its answer depends on; the credential is another matter. */
export interface Question {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** From `toSteeringText`. */
  readonly steering: string
  readonly body: string
}

/** How a request is to be answered. Equal questions have equal plans. */
export interface Plan {
  readonly dialect: Dialect
  /** No provider asks who wants to see a path it does not have. */
  readonly needsCredential: boolean
  readonly query: URLSearchParams
  /** What requests that share a fault of limited `times` have in common. */
  readonly name: string
  readonly times: number | undefined
  script(): Script
  /** The answer once the fault has had its times. */
  soundScript(): Script
  refuse(error: ProviderError): Script
}

/** Decides on an answer. Pure, and the costly part of it: plans are worth keeping. */
export const createPlan = ({ method, url, steering: headerText, body }: Question): Plan => {
  const [path = '', search = ''] = url.split(/\?(.*)/s)
  const query = new URLSearchParams(search)
  const seed = hash('sha1', `${method} ${url}\n${body}`).slice(0, 24)
  const { dialect, operation, pathModel, isKnown } = findRoute(method, path)
  const toErrorReply = (error: ProviderError) => dialect.toErrorReply(error, seed)
  const refuse = (error: ProviderError) => ({ model: pathModel, reply: () => toErrorReply(error) })

  const understood = attempt(() => {
    const json = method === 'POST' ? parseBody(body) : undefined
    return operation({ body: json, pathModel, query, seed })
  }, refuse)
  const { model } = understood
  const { prepared, steering } = attempt(
    () => ({ prepared: understood, steering: toSteering(headerText, model) }),
    (error) => ({ prepared: refuse(error), steering: {} }),
  )

  const headers = dialect.requestIdHeader ? { [dialect.requestIdHeader]: `req_${seed}` } : {}
  const write = (by: Steering) => {
    const error = toFault(by)
    const reply = error
      ? toErrorReply(error)
      : prepared.reply({ words: by.tokens, usage: by.usage })
    return toScript(reply, by, headers)
  }
  return {
    dialect,
    needsCredential: isKnown,
    query,
    name: `${model}\n${headerText}`,
    times: steering.times,
    script: lazy(() => write(steering)),
    soundScript: lazy(() => write(withoutFault(steering))),
    refuse: (error) => toScript(toErrorReply(error), {}, headers),
  }
}

const toFault = ({ status, 'retry-after': retryAfter }: Steering): ProviderError | undefined =>
  status === undefined ? undefined : new ProviderError(status, '', { retryAfter })

const attempt = <T>(work: () => T, onRefusal: (error: ProviderError) => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof ProviderError) return onRefusal(error)
    if (!(error instanceof z.ZodError)) throw error
    const [issue] = error.issues
    const param = issue?.path.join('.') ?? ''
    return onRefusal(new ProviderError(400, `${param}: ${issue?.message}`, { param }))
  }
}

const parseBody = (text: string): unknown => {
  const body = tryParse(text)
  if (body !== undefined) return body
  throw new ProviderError(400, 'The body of the request is not valid JSON.')
}

const lazy = <T>(make: () => T): (() => T) => {
  let value: T | undefined
  return () => (value ??= make())
}
