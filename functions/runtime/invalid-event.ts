/** An event that no retry can make right; the Broker must not send it again. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent'
}
