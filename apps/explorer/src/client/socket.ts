import {
  API_PREFIX,
  type ByteRange,
  type ClientMessage,
  decodeFrame,
  decodeServerMessage,
  encodeMessage,
  type SearchDirection,
  type SearchQuery,
  type ServerMessage,
  SOCKET_PROTOCOL,
} from '@mapscope/protocol'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import { ClientError } from './client_error.ts'
import { type Answer, type PendingOptions, PendingRequests } from './pending_requests.ts'

export type HelloMessage = Extract<ServerMessage, { type: 'hello' }>
export type ChangedMessage = Extract<ServerMessage, { type: 'changed' }>
/** The document as it is, and what happened to it since the revision that was asked about, where the server knows. */
export type Opened = Pick<Extract<ServerMessage, { type: 'opened' }>, 'document' | 'missed'>
export type SearchAnswer = Extract<ServerMessage, { type: 'found' | 'absent' | 'cancelled' }>

/** `waiting`: the connection is gone and the next attempt comes at `retryAtMs` (`Date.now()` time). */
export type SocketStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open'; readonly hello: HelloMessage }
  | { readonly kind: 'waiting'; readonly retryAtMs: number }
  | { readonly kind: 'stopped' }

export interface SearchRequest {
  readonly documentId: string
  readonly query: SearchQuery
  readonly from: number
  readonly direction: SearchDirection
  readonly signal: AbortSignal
  readonly onProgress: (scanned: number, total: number) => void
}

export interface Patch {
  readonly documentId: string
  readonly offset: number
  readonly bytes: Uint8Array
  readonly generation: number
}

export interface SocketClientOptions {
  /** As `ws://127.0.0.1:8080`. */
  readonly baseUrl: string
  readonly onStatus: (status: SocketStatus) => void
  readonly onChanged: (message: ChangedMessage) => void
  /** Watched bytes are these now, as of a revision (modulo 2^32). */
  readonly onPatch?: (patch: Patch) => void
  readonly onRoundTrip: (roundTripMs: number) => void
  readonly retry?: BackoffOptions
  readonly pingEveryMs?: number
  /** Silence for this long ends a request, or with it, for a ping, the connection. */
  readonly deadlineMs?: number
  /** The browser's own, unless something that runs elsewhere brings another. */
  readonly WebSocket?: typeof WebSocket
}

/** What is on screen needs one watch, and that one stream. */
const WATCH_STREAM = 0

const RETRY: BackoffOptions = { baseMs: 500, maxMs: 15_000 }

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never
type ClientRequest = WithoutId<ClientMessage>

/** One connection that keeps coming back. Requests never hang: they fail when it is lost or silent. */
export class SocketClient {
  readonly #options: SocketClientOptions
  readonly #pending = new PendingRequests()
  readonly #deadlineMs: number
  #socket: WebSocket | undefined
  #status: SocketStatus = { kind: 'stopped' }
  #watched: { readonly id: number; readonly documentId: string } | undefined
  #attempt = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pingTimer: ReturnType<typeof setInterval> | undefined
  #firstPingTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: SocketClientOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? 10_000
  }

  get status(): SocketStatus {
    return this.#status
  }

  /** Connects, or when waiting, does not wait any longer. */
  connect(): void {
    if (this.#status.kind === 'connecting' || this.#status.kind === 'open') return
    clearTimeout(this.#retryTimer)
    const Socket = this.#options.WebSocket ?? WebSocket
    const socket = new Socket(`${this.#options.baseUrl}${API_PREFIX}/socket`, SOCKET_PROTOCOL)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#setStatus({ kind: 'connecting' })
    const helloTimer = setTimeout(() => this.#lose(socket), this.#deadlineMs)
    socket.addEventListener('message', (event) => {
      if (socket !== this.#socket) return
      clearTimeout(helloTimer)
      if (typeof event.data === 'string') this.#receive(event.data)
      else this.#receiveFrame(new Uint8Array(event.data as ArrayBuffer))
    })
    // An error is always followed by close, so close alone is acted upon.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', () => {
      clearTimeout(helloTimer)
      this.#lose(socket)
    })
  }

  /** Ends it for good; what is pending fails. */
  stop(): void {
    const socket = this.#socket
    this.#socket = undefined
    clearTimeout(this.#retryTimer)
    this.#stopPings()
    this.#pending.rejectAll(lostError())
    this.#setStatus({ kind: 'stopped' })
    socket?.close()
  }

  /** With the `revision` that is known, the answer says what was missed since. */
  async open(documentId: string, revision?: number): Promise<Opened> {
    const answer = await this.#request({ type: 'open', documentId, ...(revision === undefined ? {} : { revision }) })
    if (answer.type === 'opened') return answer
    throw unexpected(answer)
  }

  async close(documentId: string): Promise<void> {
    await this.#request({ type: 'close', documentId })
  }

  /** Has a range watched in the place of the one before; its bytes come as patches, now and when they change. */
  async watch(documentId: string, range: ByteRange): Promise<void> {
    const { start, end } = range
    const ranges = [{ start, end }]
    const { id, answer } = this.#send({ type: 'watch', documentId, stream: WATCH_STREAM, ranges, hasPatches: true })
    this.#watched = { id, documentId }
    await answer
  }

  /** Ends at once when the signal aborts, whatever the server does: its `cancelled` is not waited for. */
  async search(request: SearchRequest): Promise<SearchAnswer> {
    const { documentId, query, from, direction, signal } = request
    signal.throwIfAborted()
    const onProgress = (message: { scanned: number; total: number }) => {
      if (!signal.aborted) request.onProgress(message.scanned, message.total)
    }
    const { id, answer } = this.#send({ type: 'search', documentId, query, from, direction }, { onProgress })
    const aborted = new Promise<never>((_, reject) => {
      const onAbort = () => {
        this.#post({ type: 'cancel', id })
        reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const forget = () => signal.removeEventListener('abort', onAbort)
      answer.then(forget, forget)
    })
    const outcome = await Promise.race([answer, aborted])
    if (outcome.type === 'found' || outcome.type === 'absent' || outcome.type === 'cancelled') return outcome
    throw unexpected(outcome)
  }

  async #request(message: ClientRequest): Promise<Answer> {
    return await this.#send(message).answer
  }

  #send(message: ClientRequest, options: Partial<PendingOptions> = {}): { id: number; answer: Promise<Answer> } {
    if (this.#status.kind !== 'open') return { id: 0, answer: Promise.reject(lostError()) }
    const pending = this.#pending.add({ deadlineMs: this.#deadlineMs, ...options })
    this.#post({ ...message, id: pending.id } as ClientMessage)
    return pending
  }

  #post(message: ClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(encodeMessage(message))
  }

  #receive(text: string): void {
    const decoded = decodeServerMessage(text)
    if ('problem' in decoded) {
      // An older page against a newer server: say so in the console, the requests' deadlines do the rest.
      console.warn(`mapscope: ${decoded.problem}`)
      return
    }
    const { message } = decoded
    if (message.type === 'hello') this.#greet(message)
    else if (message.type === 'changed') this.#options.onChanged(message)
    else if (message.type === 'error' && message.id === undefined) console.warn(`mapscope: ${message.problem.detail}`)
    else this.#pending.handle(message as Answer)
  }

  #receiveFrame(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes)
    if ('problem' in decoded) {
      console.warn(`mapscope: ${decoded.problem}`)
      return
    }
    const { header, payload } = decoded.frame
    if (header.type !== 'patch') return
    const { id, stream, offset, generation } = header
    if (payload.length > 0) this.#post({ type: 'credit', id, stream, byteLength: payload.length })
    if (id !== this.#watched?.id) return
    this.#options.onPatch?.({ documentId: this.#watched.documentId, offset, bytes: payload, generation })
  }

  #greet(hello: HelloMessage): void {
    this.#attempt = 0
    this.#setStatus({ kind: 'open', hello })
    this.#stopPings()
    const ping = () => void this.#ping().catch(() => this.#socket && this.#lose(this.#socket))
    const everyMs = this.#options.pingEveryMs ?? 5_000
    // The first one soon, but not into the rush of opening: it would measure that, and stand there for five seconds.
    this.#firstPingTimer = setTimeout(ping, Math.min(1_000, everyMs))
    this.#pingTimer = setInterval(ping, everyMs)
  }

  async #ping(): Promise<void> {
    const startedMs = performance.now()
    await this.#request({ type: 'ping' })
    this.#options.onRoundTrip(performance.now() - startedMs)
  }

  #stopPings(): void {
    clearTimeout(this.#firstPingTimer)
    clearInterval(this.#pingTimer)
  }

  #lose(socket: WebSocket): void {
    if (socket !== this.#socket) return
    this.#socket = undefined
    this.#stopPings()
    socket.close()
    const delayMs = backoffMs(this.#attempt++, this.#options.retry ?? RETRY)
    this.#setStatus({ kind: 'waiting', retryAtMs: Date.now() + delayMs })
    this.#retryTimer = setTimeout(() => this.connect(), delayMs)
    this.#pending.rejectAll(lostError())
  }

  #setStatus(status: SocketStatus): void {
    this.#status = status
    this.#options.onStatus(status)
  }
}

function lostError(): ClientError {
  return new ClientError('ERR_NETWORK', 'The connection to the server is lost.')
}

function unexpected(answer: Answer): ClientError {
  return new ClientError('ERR_PROTOCOL', `The server answered '${answer.type}', which is no answer to what was asked.`)
}
