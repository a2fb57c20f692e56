import type { ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'
import { MAX_CONNECTION_COUNT } from '../limits.ts'

/**
 * Every connection of a server, at whichever of its addresses it came in, and whatever became of it. Node's own list (`closeAllConnections`) loses a connection once it asks
 * for an upgrade, and `close` then waits for it without end; this one loses none.
 */
export class Connections {
  readonly #sockets: Set<Socket> = new Set()
  #answerCount = 0
  #isOver = false
  #onIdle: () => void = () => undefined

  /** More than `maxCount` at once are closed as they come. (Node's `maxConnections` counts each address by itself.) */
  constructor(server: Server, maxCount: number = MAX_CONNECTION_COUNT) {
    server.on('connection', (socket: Socket) => {
      if (this.#isOver || this.#sockets.size >= maxCount) socket.destroy()
      else this.#add(socket)
    })
  }

  get count(): number {
    return this.#sockets.size
  }

  /** Answers that were begun, or are owed, and are not out yet. */
  get answerCount(): number {
    return this.#answerCount
  }

  /** From its request on until it is out, or its client has gone. */
  addAnswer(answer: ServerResponse): void {
    this.beginAnswer()
    answer.once('close', () => this.endAnswer())
  }

  /** The same for who calls `endAnswer`, once, when the answer is closed. */
  beginAnswer(): void {
    this.#answerCount++
  }

  endAnswer(): void {
    this.#answerCount--
    if (this.#answerCount === 0) this.#onIdle()
  }

  /** Resolves when no answer is under way, or once the signal is aborted. */
  async idle(signal: AbortSignal): Promise<void> {
    if (this.#answerCount === 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Breaks what is left, and whatever comes from now on. */
  destroyAll(): void {
    this.#isOver = true
    for (const socket of this.#sockets) socket.destroy()
  }

  #add(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}
