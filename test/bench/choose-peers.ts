/** Something to measure, if it is there. */
interface Choosable {
  readonly name: string
  /** What to install to have it, as a command; undefined when it is there. */
  missing(): string | undefined
}

/**
 * The peers to measure; it says which are missing and what to do about it.
 * @param only names, separated by commas; undefined for all
 * @throws Error for a name that is none
 */
export const choosePeers = <P extends Choosable>(
  peers: readonly P[],
  only: string | undefined,
): P[] => {
  const names = only?.split(',')
  const unknown = names?.filter((name) => !peers.some((peer) => peer.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`no such peer: ${unknown}`)
  return peers.filter((peer) => {
    if (names && !names.includes(peer.name)) return false
    const missing = peer.missing()
    if (missing) console.error(`skipping ${peer.name}; to have it: ${missing}`)
    return missing === undefined
  })
}
