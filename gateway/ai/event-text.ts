/** How many events of server-sent events end in a text; most hold about one token. */
export const countEvents = (text: string): number => {
  let count = 0
  for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n', at + 2)) count += 1
  return count
}

/** Whether events are comments only, which keep a connection alive and say nothing. */
export const isOnlyComments = (text: string): boolean => {
  let at = 0
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end)
    if (!(line === '' || line === '\r' || line.startsWith(':'))) return false
    at = end < 0 ? text.length : end + 1
  }
  return true
}
