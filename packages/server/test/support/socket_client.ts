import type { ClientMessage, ServerMessage } from '@mapscope/protocol'
import { decodeFrame, decodeServerMessage, type Frame, SOCKET_PROTOCOL } from '@mapscope/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import { TOKEN } from './serving.ts'

type MessageOf<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
/** Without the id: the client numbers its requests. */
type Request = ClientMessage extends infer M ? (M extends ClientMessage ? Omit<M, 'id'> : never) : never

/** A client of the socket that keeps every message until somebody asks for it. */
export class SocketClient {
  readonly socket: WebSocket
  readonly received: ServerMessage[] = []
  readonly frames: Frame[] = []
  readonly closed: Promise<number>
  #wake: () => void = () => undefined
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        this.#takeFrame(data as Buffer)
        return
      }
      const decoded = decodeServerMessage(String(data))
      if ('problem' in decoded) throw new Error(decoded.problem)
      this.received.push(decoded.message)
      this.#wake()
    })
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)))
  }

  /** Connected, `hello` not yet taken. Rejects with the HTTP status of a refusal. */
  static connect(port: number, options: ClientOptions & { scheme?: 'ws' | 'wss' } = {}): Promise<SocketClient> {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const { scheme = 'ws', host = '127.0.0.1', ...rest } = options
    const address = `${scheme}://${host}:${port}/api/v1/socket`
    const socket = new WebSocket(address, SOCKET_PROTOCOL, { headers, rejectUnauthorized: false, ...rest })
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

  #takeFrame(data: Buffer): void {
    const decoded = decodeFrame(data)
    if ('problem' in decoded) throw new Error(decoded.problem)
    this.frames.push(decoded.frame)
    this.#wake()
  }

  /** Takes the frames of a request, up to its last. */
  async answer(id: number): Promise<Frame[]> {
    const isOf = (frame: Frame): boolean => frame.header.id === id
    await this.#until(() => this.frames.some((frame) => isOf(frame) && frame.header.isLast), `the last frame of ${id}`)
    return this.takeFrames(id)
  }

  /** Takes what has come so far of a request's frames. */
  takeFrames(id: number): Frame[] {
    const taken = this.frames.filter((frame) => frame.header.id === id)
    const left = this.frames.filter((frame) => frame.header.id !== id)
    this.frames.splice(0, this.frames.length, ...left)
    return taken
  }

  /** Waits until `isSo`, looking whenever something has come. */
  async #until(isSo: () => boolean, what: string): Promise<void> {
    const deadlineMs = Date.now() + 30_000
    while (!isSo()) {
      const leftMs = deadlineMs - Date.now()
      if (leftMs < 0) throw new Error(`${what} did not come; had ${JSON.stringify(this.received).slice(0, 500)}`)
      await this.#something(leftMs)
    }
  }

  async #something(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs + 1)
      // Several may wait at once; each looks for itself.
      const before = this.#wake
      this.#wake = () => {
        clearTimeout(timer)
        before()
        resolve()
      }
    })
    this.#wake = () => undefined
  }

  /** Takes the next message of that type (and id), however many others come first; they stay. */
  async next<T extends ServerMessage['type']>(type: T, id?: number): Promise<MessageOf<T>> {
    const isIt = (message: ServerMessage): boolean =>
      message.type === type && (id === undefined || idOf(message) === id)
    await this.#until(() => this.received.some(isIt), type)
    const [message] = this.received.splice(this.received.findIndex(isIt), 1)
    return message as MessageOf<T>
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
