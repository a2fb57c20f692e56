import { randomBytes } from 'node:crypto'
import type { ClientMessage, ServerMessage } from '@mapscope/protocol'
import { decodeClientMessage } from '@mapscope/protocol'
import type { FastifyBaseLogger } from 'fastify'
import type { WebSocket } from 'ws'
import { ProblemError } from '../errors.ts'
import { problemOf } from '../problem_of.ts'
import type { Services } from '../services.ts'
import { VERSION } from '../version.ts'
import { handle } from './handlers/index.ts'
import { Outbox } from './outbox.ts'
import { Searches } from './searches.ts'

const BINARY = { problem: 'binary frames mean nothing here; send JSON as text' } as const

/** One connection: what it is subscribed to, what it searches, and its way out. Everything ends with it. */
export class SocketSession {
  readonly clientId: string = randomBytes(9).toString('base64url')
  readonly services: Services
  readonly searches: Searches = new Searches()
  /** Document id → what ends the subscription. */
  readonly subscriptions: Map<string, () => void> = new Map()
  readonly #outbox: Outbox
  readonly #log: FastifyBaseLogger

  constructor(socket: WebSocket, services: Services, log: FastifyBaseLogger) {
    this.services = services
    this.#outbox = new Outbox(socket)
    this.#log = log
    socket.on('message', (data, isBinary) => this.#receive(String(data), isBinary))
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

  #receive(text: string, isBinary: boolean): void {
    const decoded = isBinary ? BINARY : decodeClientMessage(text)
    if ('problem' in decoded) {
      this.fail(new ProblemError('ERR_REQUEST', decoded.problem))
      return
    }
    const { message } = decoded
    this.#handle(message).catch((error: unknown) => this.fail(error, message.id))
  }

  async #handle(message: ClientMessage): Promise<void> {
    await handle(message, this)
  }

  #end(): void {
    this.searches.cancelAll()
    for (const unsubscribe of this.subscriptions.values()) unsubscribe()
    this.subscriptions.clear()
  }
}
