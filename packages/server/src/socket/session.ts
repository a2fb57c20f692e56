import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { ByteRange, ServerMessage } from '@mapscope/protocol'
import type { FastifyBaseLogger } from 'fastify'
import type { WebSocket } from 'ws'
import type { Document } from '../documents/document.ts'
import { ProblemError } from '../errors.ts'
import type { DeliveryOutcome } from '../events/server_event.ts'
import { authorize } from '../guard/authorize.ts'
import { MESSAGE_ROLES } from '../guard/message_roles.ts'
import type { Principal } from '../guard/principal.ts'
import { problemOf } from '../problem_of.ts'
import type { Services } from '../services.ts'
import { VERSION } from '../version.ts'
import { decodeMessage } from './decode.ts'
import { handle } from './handlers/index.ts'
import { Outbox } from './outbox.ts'
import { Credits } from './reads/credits.ts'
import { FrameOutlet } from './reads/frame_outlet.ts'
import { Reads } from './reads/reads.ts'
import { Searches } from './searches.ts'
import { Watches } from './watches.ts'

const BINARY = { problem: 'binary frames mean nothing here; send JSON as text' } as const

export interface SocketSessionOptions {
  readonly socket: WebSocket
  /** What the socket writes to. */
  readonly transport: Duplex
  readonly services: Services
  readonly principal: Principal
  readonly log: FastifyBaseLogger
}

/** One connection: what it is subscribed to, what it searches and reads, and its way out. Everything ends with it. */
export class SocketSession {
  readonly clientId: string = randomBytes(9).toString('base64url')
  readonly services: Services
  readonly principal: Principal
  readonly searches: Searches = new Searches()
  readonly credits: Credits = new Credits()
  readonly outlet: FrameOutlet
  readonly reads: Reads
  readonly watches: Watches
  /** Document id → what ends the subscription. */
  readonly subscriptions: Map<string, () => void> = new Map()
  readonly #outbox: Outbox
  readonly #log: FastifyBaseLogger

  constructor({ socket, transport, services, principal, log }: SocketSessionOptions) {
    this.services = services
    this.principal = principal
    this.#log = log
    this.outlet = new FrameOutlet(socket, transport)
    this.#outbox = new Outbox(socket, this.outlet)
    this.reads = new Reads({
      outlet: this.outlet,
      credits: this.credits,
      reserve: (byteLength) => services.bytesUnderWay.tryTake(principal.name, byteLength),
      onUnreadable: ({ id, stream }, ranges) => this.send({ type: 'unreadable', id, stream, ranges }),
      onFailure: ({ id }, error) => this.fail(error, id),
      onServed: ({ document }, sent, outcome) => this.#tellServed(document, sent, outcome),
    })
    this.watches = new Watches({
      outlet: this.outlet,
      credits: this.credits,
      reserve: (byteLength) => services.watchedBytes.tryTake(principal.name, byteLength),
      onSent: (document, sent) => this.#tellServed(document, sent, 'complete'),
    })
    socket.on('message', (data, isBinary) => this.#receive((data as Buffer).toString(), isBinary))
    socket.once('close', () => this.#end())
    this.send({ type: 'hello', version: VERSION, clientId: this.clientId, isWritable: services.isWritable })
  }

  send(message: ServerMessage): void {
    this.#outbox.send(message)
  }

  /** Says that a request failed, or (without an id) that a frame was not understood. */
  fail(error: unknown, id?: number): void {
    const problem = problemOf(error)
    if (problem.code === 'ERR_INTERNAL') this.#log.error({ err: error }, 'a socket request failed')
    this.send({ type: 'error', ...(id === undefined ? {} : { id }), problem: problem.toProblem() })
  }

  isIdInUse(id: number): boolean {
    return this.searches.has(id) || this.reads.has(id)
  }

  /** Without the id: an error that carries it would end the request that is running under it. */
  failInUse(id: number): void {
    this.fail(new ProblemError('ERR_REQUEST', `a request with the id ${id} is running`))
  }

  #receive(text: string, isBinary: boolean): void {
    const decoded = isBinary ? BINARY : decodeMessage(text)
    if ('problem' in decoded) {
      this.fail(new ProblemError('ERR_REQUEST', decoded.problem))
      return
    }
    const { message } = decoded
    try {
      authorize(this.services.credentials, this.principal, MESSAGE_ROLES[message.type])
      handle(message, this)?.catch((error: unknown) => this.fail(error, message.id))
    } catch (error) {
      this.fail(error, message.id)
    }
  }

  #tellServed(document: Document, ranges: readonly ByteRange[], outcome: DeliveryOutcome): void {
    const { path, etag } = document
    const { principal } = this
    this.services.events.emit({
      kind: 'served',
      principal,
      via: 'socket',
      path,
      etag,
      status: 0,
      ranges,
      outcome,
    })
  }

  #end(): void {
    this.searches.cancelAll()
    this.reads.endAll()
    this.watches.endAll()
    for (const unsubscribe of this.subscriptions.values()) unsubscribe()
    this.subscriptions.clear()
  }
}
