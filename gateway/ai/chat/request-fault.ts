/** A request that cannot be read, or cannot be put in the words of its provider. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault'
  /** The field of the caller's body that it is about, such as `messages[0].content`. */
  readonly param: string

  constructor(param: string, message: string) {
    super(message)
    this.param = param
  }
}
