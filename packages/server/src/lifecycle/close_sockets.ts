import { SOCKET_UNAUTHORIZED } from '@mapscope/protocol'
import type { WebSocket } from 'ws'

/** Why the server closes a socket: a code of RFC 6455 §7.4, or of ours (4000 and up), and words for whoever debugs. */
export interface ClosingWord {
  readonly code: number
  readonly reason: string
}

/** RFC 6455 §7.4.1: the endpoint is going away. A client connects again, and takes up where it was. */
const GOING_AWAY: ClosingWord = { code: 1001, reason: 'the server is ending' }
/** As HTTP's 401: connecting again needs another token. */
export const NOT_LET_IN: ClosingWord = { code: SOCKET_UNAUTHORIZED, reason: 'the token was taken back or has expired' }
/** For the client's half of the closing handshake; one that says nothing by then has gone, or does not care. */
const HANDSHAKE_MS = 1_000

/** Tells every socket that the server ends, and waits a little for them to say goodbye. */
export async function closeSockets(sockets: Iterable<WebSocket>, signal: AbortSignal): Promise<void> {
  await Promise.all([...sockets].map((socket) => closeSocket(socket, GOING_AWAY, signal)))
}

/** One that does not say goodbye within a second, or until the signal is aborted, is broken off. */
export async function closeSocket(socket: WebSocket, word: ClosingWord, signal?: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(HANDSHAKE_MS)
  const late = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  const closed = new Promise<void>((resolve) => {
    if (socket.readyState === socket.CLOSED || late.aborted) resolve()
    socket.once('close', () => resolve())
    late.addEventListener('abort', () => resolve(), { once: true })
  })
  socket.close(word.code, word.reason)
  await closed
  socket.terminate()
}
