import type { WebSocket } from 'ws'

const PING_INTERVAL_MS = 30_000

/** Ends a connection whose client has vanished without a word: its document would stay open and watched for nobody. */
export function keepAlive(socket: WebSocket): void {
  let isAlive = true
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, PING_INTERVAL_MS).unref()
  socket.on('pong', () => {
    isAlive = true
  })
  socket.once('close', () => clearInterval(timer))
}
