import type { Socket } from 'node:net'

/** RFC 9113 §3.4. */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
/** No method of HTTP/1.1 has a space here: as much tells the two apart. */
const TELLING_BYTES = 4

/**
 * Hands a connection on once its first bytes tell the protocol; they go back into the socket.
 * Whoever connects and says too little within `timeoutMs` is not waited for.
 */
export const sniffProtocol = (
  socket: Socket,
  timeoutMs: number,
  done: (isHttp2: boolean) => void,
): void => {
  let seen: Buffer = Buffer.alloc(0)
  const giveUp = () => socket.destroy()
  const timer = setTimeout(giveUp, timeoutMs).unref()
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('readable', look)
    socket.off('error', giveUp)
    socket.off('close', stop)
  }
  const look = (): void => {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    const isHttp2 = PREFACE.startsWith(seen.toString('latin1', 0, TELLING_BYTES))
    if (isHttp2 && seen.length < TELLING_BYTES) return
    stop()
    socket.unshift(seen)
    done(isHttp2)
  }
  socket.on('readable', look)
  socket.on('error', giveUp)
  socket.on('close', stop)
}
