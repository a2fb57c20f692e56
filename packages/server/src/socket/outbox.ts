import { encodeMessage, type ServerMessage } from '@mapscope/protocol'
import type { WebSocket } from 'ws'
import type { FrameOutlet } from './reads/frame_outlet.ts'

/** Above this much unsent, progress is left out: the next one says more anyway. */
const PROGRESS_LIMIT = 256 * 1024
/** A client that leaves this much unread is not coming back for it. */
const DROP_LIMIT = 8 * 1024 * 1024

/** What goes to one client: ws queues without limit, so the limit is here. */
export class Outbox {
  readonly #socket: WebSocket
  readonly #outlet: Pick<FrameOutlet, 'flush'>

  /** @param outlet has what was said before, which goes first. */
  constructor(socket: WebSocket, outlet: Pick<FrameOutlet, 'flush'>) {
    this.#socket = socket
    this.#outlet = outlet
  }

  /** Queues a message; drops progress for a slow client, and a client that reads nothing at all. */
  send(message: ServerMessage): void {
    this.#outlet.flush()
    const { readyState, OPEN, bufferedAmount } = this.#socket
    if (readyState !== OPEN) return
    if (message.type === 'progress' && bufferedAmount > PROGRESS_LIMIT) return
    if (bufferedAmount > DROP_LIMIT) {
      this.#socket.terminate()
      return
    }
    // A failed send is followed by 'error' or 'close', where the session ends.
    this.#socket.send(encodeMessage(message), () => undefined)
  }
}
