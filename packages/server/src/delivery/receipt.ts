import type { ByteRange } from '@mapscope/protocol'
import type { FastifyRequest } from 'fastify'
import type { DeliveryOutcome } from '../events/server_event.ts'
import type { ServerEvents } from '../events/server_events.ts'
import type { Served } from './served.ts'

/** What went out of one answer, told once. */
export class Receipt {
  readonly #events: ServerEvents
  readonly #request: FastifyRequest
  readonly #served: Served
  readonly #ranges: ByteRange[] = []

  constructor(events: ServerEvents, request: FastifyRequest, served: Served) {
    this.#events = events
    this.#request = request
    this.#served = served
  }

  /** Bytes that the system has taken. */
  add(range: ByteRange): void {
    if (range.start === range.end) return
    const last = this.#ranges.at(-1)
    if (last?.end === range.start) this.#ranges[this.#ranges.length - 1] = { start: last.start, end: range.end }
    else this.#ranges.push(range)
  }

  tell(status: number, outcome: DeliveryOutcome): void {
    const { via, path, etag } = this.#served
    const { principal } = this.#request
    this.#events.emit({ kind: 'served', principal, via, path, etag, status, ranges: this.#ranges, outcome })
  }
}
