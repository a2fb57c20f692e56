import { isClientError } from '../client/client_error.ts'
import type { HttpClient } from '../client/http.ts'
import type { Opened, SocketClient } from '../client/socket.ts'
import type { DocumentSession } from './session.ts'

export interface SubscriptionOptions {
  readonly session: DocumentSession
  readonly socket: Pick<SocketClient, 'open' | 'close' | 'status'>
  readonly http: Pick<HttpClient, 'openDocument'>
  /** The document is subscribed to (again): what waited can go on. */
  readonly onAttached: () => void
  /** Whether an edit of that client was made by this tab, over whatever connection. */
  readonly isOwn: (clientId: string) => boolean
  /** The server does not give the document back. */
  readonly onLost: (error: unknown) => void
}

/**
 * Keeps one document subscribed across connections, and has what happened in between told. A server that was restarted has forgotten the document, so it is opened
 * anew by its path, and nothing held of the old instance is shown again.
 */
export class Subscription {
  readonly #options: SubscriptionOptions
  #attempt = 0
  #isEnded = false

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  /** Called when a connection is there, and when the server says it does not know the document. */
  async attach(): Promise<void> {
    const attempt = ++this.#attempt
    const isCurrent = () => attempt === this.#attempt && !this.#isEnded
    const { session, socket, onAttached, onLost, isOwn } = this.#options
    if (socket.status.kind !== 'open') return
    try {
      const opened = await this.#open()
      if (!isCurrent()) return
      session.resume(opened, isOwn)
      onAttached()
    } catch (error) {
      // A connection lost meanwhile comes back, and with it another attempt.
      if (isCurrent() && !isClientError(error, 'ERR_NETWORK')) onLost(error)
    }
  }

  end(): void {
    this.#isEnded = true
    const { session, socket } = this.#options
    if (socket.status.kind === 'open') void socket.close(session.info.id).catch(() => {})
  }

  async #open(): Promise<Opened> {
    const { session, socket, http } = this.#options
    try {
      return await socket.open(session.info.id, session.info.revision)
    } catch (error) {
      if (!isClientError(error, 'ERR_NOT_FOUND')) throw error
      const { id } = await http.openDocument(session.info.path)
      return await socket.open(id)
    }
  }
}
