import type { Json, JsonObject } from './json.ts'

/** One cause in a Status: what is wrong with which field. */
export interface StatusCause {
  reason: string
  message: string
  field: string
}

/** What a Status tells about the object it speaks of. */
export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

interface ApiErrorOptions {
  readonly code: number
  readonly reason: string
  readonly details?: StatusDetails
  readonly cause?: unknown
}

/** An answer of the API server that is not a success; its body is a Status. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined

  constructor(message: string, options: ApiErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.reason = options.reason
    this.details = options.details
  }

  /** The body to send. */
  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason && { reason: this.reason }),
      ...(this.details && { details: this.details as unknown as Json }),
      code: this.code,
    }
  }
}

/** The group and plural (or kind) an error speaks of. */
export interface Subject {
  readonly group: string
  readonly plural: string
  readonly kind: string
}

const qualified = (subject: Subject): string =>
  subject.group ? `${subject.plural}.${subject.group}` : subject.plural

const detailsOf = (subject: Subject, name: string): StatusDetails => ({
  name,
  ...(subject.group && { group: subject.group }),
  kind: subject.plural,
})

export const badRequest = (message: string): ApiError =>
  new ApiError(message, { code: 400, reason: 'BadRequest' })

export const unauthorized = (): ApiError =>
  new ApiError('Unauthorized', { code: 401, reason: 'Unauthorized' })

export const notFound = (subject: Subject, name: string): ApiError =>
  new ApiError(`${qualified(subject)} ${JSON.stringify(name)} not found`, {
    code: 404,
    reason: 'NotFound',
    details: detailsOf(subject, name),
  })

export const methodNotAllowed = (): ApiError =>
  new ApiError('the server does not allow this method on the requested resource', {
    code: 405,
    reason: 'MethodNotAllowed',
    details: {},
  })

export const alreadyExists = (subject: Subject, name: string): ApiError =>
  new ApiError(`${qualified(subject)} ${JSON.stringify(name)} already exists`, {
    code: 409,
    reason: 'AlreadyExists',
    details: detailsOf(subject, name),
  })

export const conflict = (subject: Subject, name: string, why: string): ApiError =>
  new ApiError(
    `Operation cannot be fulfilled on ${qualified(subject)} ${JSON.stringify(name)}: ${why}`,
    { code: 409, reason: 'Conflict', details: detailsOf(subject, name) },
  )

export const applyConflict = (message: string, causes: StatusCause[]): ApiError =>
  new ApiError(message, { code: 409, reason: 'Conflict', details: { causes } })

export const forbidden = (subject: Subject, name: string, why: string): ApiError =>
  new ApiError(`${qualified(subject)} ${JSON.stringify(name)} is forbidden: ${why}`, {
    code: 403,
    reason: 'Forbidden',
    details: detailsOf(subject, name),
  })

/** 504: a version that is not reached yet. */
export const tooLargeVersion = (wanted: number, current: number): ApiError =>
  new ApiError(`Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    code: 504,
    reason: 'Timeout',
    details: {
      causes: [
        { reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' },
      ],
    },
  })

/** 404: no such resource in a version that is served. */
export const unknownResource = (): ApiError =>
  new ApiError('the server could not find the requested resource', {
    code: 404,
    reason: 'NotFound',
    details: {},
  })

export const expired = (message: string): ApiError =>
  new ApiError(message, { code: 410, reason: 'Expired' })

export const tooLarge = (limitBytes: number): ApiError =>
  new ApiError(`Request entity too large: limit is ${limitBytes}`, {
    code: 413,
    reason: 'RequestEntityTooLarge',
    details: {},
  })

export const unsupportedMediaType = (): ApiError =>
  new ApiError('415: Unsupported Media Type', {
    code: 415,
    reason: 'UnsupportedMediaType',
    details: {},
  })

/** 422: the object is well formed and wrong; one cause for each wrong field. */
export const invalid = (
  subject: Omit<Subject, 'plural'>,
  name: string,
  causes: StatusCause[],
): ApiError => {
  const kind = subject.group ? `${subject.kind}.${subject.group}` : subject.kind
  const parts = causes.map((cause) => `${cause.field}: ${cause.message}`)
  const text = parts.length === 1 ? parts[0] : `[${parts.join(', ')}]`
  return new ApiError(`${kind} ${JSON.stringify(name)} is invalid: ${text}`, {
    code: 422,
    reason: 'Invalid',
    details: {
      ...(name && { name }),
      ...(subject.group && { group: subject.group }),
      kind: subject.kind,
      causes,
    },
  })
}
