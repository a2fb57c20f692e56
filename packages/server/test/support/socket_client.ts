import type { ClientMessage, ServerMessage } from '@mapscope/protocol'
import { decodeServerMessage, SOCKET_PROTOCOL } from '@mapscope/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import { TOKEN } from './serving.ts'

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
/** Without the id: the client numbers its requests. */
type Request = ClientMessage extends infer M ? (M extends ClientMessage ? Omit<M, 'id'> : never) : never

/** A client of the socket that keeps every message until somebody asks for it. */
export class SocketClient {
  readonly socket: WebSocket
  readonly received: ServerMessage[] = []
  readonly closed: Promise<number>
  #wake: () => void = () => undefined
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      const decoded = decodeServerMessage(String(data))
      if ('problem' in decoded) throw new Error(decoded.problem)
      this.received.push(decoded.message)
      this.#wake()
    })
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)))
  }

  /** Connected, `hello` not yet taken. Rejects with the HTTP status of a refusal. */
  static connect(port: number, options: ClientOptions = {}): Promise<SocketClient> {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/socket`, SOCKET_PROTOCOL, { headers, ...options })
    const client = new SocketClient(socket)
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client))
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(String(response.statusCode)))
        response.destroy()
      })
      socket.once('error', reject)
    })
  }

  /** Sends a request and gives its id. */
  send(request: Request): number {
    this.#lastId++
    this.socket.send(JSON.stringify({ ...request, id: this.#lastId }))
    return this.#lastId
  }

  /** Takes the next message of that type (and id), however many others come first; they stay. */
  async next<T extends ServerMessage['type']>(type: T, id?: number): Promise<MessageOf<T>> {
    const deadlineMs = Date.now() + 10_000
    for (;;) {
      const index = this.received.findIndex(
        (message) => message.type === type && (id === undefined || idOf(message) === id),
      )
      const [message] = index < 0 ? [] : this.received.splice(index, 1)
      if (message !== undefined) return message as MessageOf<T>
      const leftMs = deadlineMs - Date.now()
      if (leftMs < 0) throw new Error(`no ${type} came; had ${JSON.stringify(this.received).slice(0, 500)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs + 1)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Subscribes, and gives the document as it then is. */
  async open(documentId: string): Promise<MessageOf<'opened'>['document']> {
    return (await this.next('opened', this.send({ type: 'open', documentId }))).document
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }
}

function idOf(message: ServerMessage): number | undefined {
  return 'id' in message ? message.id : undefined
}
