import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Bounds the requests that wait for the answers of earlier ones on their connection. */
export interface PipelineGuard {
  /** To be called for a response that has to wait. @returns false when its connection was closed. */
  enter(socket: Socket, res: ServerResponse): boolean
}

/** @param maxPipelined of one connection */
export const createPipelineGuard = (maxPipelined: number): PipelineGuard => {
  const waiting = new WeakMap<Socket, number>()
  const add = (socket: Socket, change: number): number => {
    const count = (waiting.get(socket) ?? 0) + change
    waiting.set(socket, count)
    return count
  }
  return {
    enter(socket, res) {
      if (socket.destroyed) return false
      if (add(socket, 1) > maxPipelined) {
        socket.destroy()
        return false
      }
      // Node tells only the response whose turn it is that the client left.
      const leave = () => res.emit('close')
      socket.setMaxListeners(0)
      socket.once('close', leave)
      res.once('socket', () => {
        socket.off('close', leave)
        add(socket, -1)
      })
      return true
    },
  }
}
