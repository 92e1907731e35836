/** A request that cannot be read, or cannot be put in the words of its provider. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault'
  /** The field of the caller's body that it is about, such as `messages[0].content`. */
  readonly param: string
  /** Whether the field is not there at all. */
  readonly isMissing: boolean

  constructor(param: string, message: string, { isMissing = false } = {}) {
    super(message)
    this.param = param
    this.isMissing = isMissing
  }
}

/** What is wrong where a field that must be there is not. */
export const toMissingFault = (param: string): RequestFault =>
  new RequestFault(param, `Missing required parameter: '${param}'.`, { isMissing: true })
