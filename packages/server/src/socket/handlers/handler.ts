import type { ClientMessage } from '@mapscope/protocol'
import type { SocketSession } from '../session.ts'

/** Answers one kind of message. What it throws becomes an `error` with the message's id. */
export type Handler<T extends ClientMessage['type']> = (
  message: Extract<ClientMessage, { type: T }>,
  session: SocketSession,
) => void | Promise<void>
