import type { MappedSource } from '@mapscope/core'
import { intersect, mergeRanges } from '@mapscope/core/shared'
import { type ByteRange, encodeRanges, UNREADABLE_HEADER } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import type { DeliveryOutcome } from '../events/server_event.ts'
import { contentRange, unsatisfiedContentRange } from '../http/content.ts'
import { layOutMultipart } from '../http/multipart.ts'
import { type BytesPlan, type Plan, planAnswer } from '../http/plan.ts'
import { Buffers } from './buffers.ts'
import { bytesHeaders, cachingHeaders, type Headers, headerPairs } from './head.ts'
import { isLive } from './live.ts'
import type { Outlet } from './outlet.ts'
import { heldByteLength, MAX_COPY_BYTE_LENGTH, MAX_READ_BYTE_LENGTH, type Piece, Pieces, readHere } from './piece.ts'
import { Receipt } from './receipt.ts'
import type { Exchange } from './respond.ts'
import type { Served } from './served.ts'
import { type Segment, transmit } from './transmit.ts'

const buffers: Buffers = new Buffers()

export interface AnswerOptions extends Exchange {
  readonly outlet: Outlet
  readonly served: Served
  /** Whether edits are held up until the bytes are read. */
  readonly isInTurn: boolean
  /** Whether the file changed under an attempt before. */
  readonly isRetry: boolean
}

/** What goes out with bytes. */
interface Outgoing {
  readonly status: 200 | 206
  readonly headers: Headers
  readonly segments: readonly Segment[]
}

/** One attempt to answer. */
export class Answer {
  readonly #options: AnswerOptions
  readonly #served: Served
  readonly #receipt: Receipt

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#served = options.served
    this.#receipt = new Receipt(options.events, options.request, options.served)
  }

  /** False when the file changed before anything was sent. */
  async send(): Promise<boolean> {
    const { byteLength, etag, modifiedMs } = this.#served
    const { method, headers } = this.#options.request
    const plan = planAnswer({ method, headers }, { byteLength, etag, modifiedMs }, Date.now())
    if ('range' in plan || 'ranges' in plan) return await this.#sendBytes(plan)
    this.#sendHead(plan)
    return true
  }

  #sendHead(plan: Exclude<Plan, BytesPlan>): void {
    const { byteLength } = this.#served
    const { reply } = this.#options
    switch (plan.kind) {
      case 'not-modified':
        this.#receipt.tell(304, 'complete')
        reply.code(304).headers(cachingHeaders(this.#served)).send()
        return
      case 'precondition-failed':
        this.#receipt.tell(412, 'complete')
        throw new ProblemError('ERR_PRECONDITION', 'the file is not (any more) the one the request names')
      case 'unsatisfiable':
        this.#receipt.tell(416, 'complete')
        throw new ProblemError('ERR_RANGE_NOT_SATISFIABLE', `the file has ${byteLength} bytes`, {
          headers: { 'content-range': unsatisfiedContentRange(byteLength) },
        })
      case 'head':
        this.#receipt.tell(200, 'complete')
        this.#writeHead(200, this.#bytesHeaders(byteLength))
        reply.raw.end()
    }
  }

  async #sendBytes(plan: BytesPlan): Promise<boolean> {
    const source = this.#served.map()
    if (source === undefined) return false
    if (plan.kind !== 'parts' && plan.range.end - plan.range.start <= MAX_COPY_BYTE_LENGTH) {
      const bytes = readHere(source, plan.range, (byteLength) => buffers.take(byteLength))
      if (bytes !== undefined) return this.#sendShort(plan, bytes)
    }
    const release = this.#takeShare(plan)
    try {
      return await this.#sendPieces(plan, source)
    } finally {
      release()
    }
  }

  /** As much as this answer can hold at once; more than that is nobody's for long. @throws ProblemError `ERR_TOO_MANY`. */
  #takeShare(plan: BytesPlan): () => void {
    const { server, principal } = this.#options.request
    const ranges = plan.kind === 'parts' ? plan.ranges : [plan.range]
    const lengths = ranges.map(({ start, end }) => heldByteLength(end - start))
    return server.bytesUnderWay.take(principal.name, Math.max(...lengths))
  }

  async #sendPieces(plan: BytesPlan, source: MappedSource): Promise<boolean> {
    const { outlet } = this.#options
    const pieces = new Pieces({ source, signal: () => outlet.signal, isCopying: this.#isCopying(plan) })
    const first = await pieces.readFirst(firstRange(plan))
    const isCurrent = this.#served.isCurrent() && first.isTrue()
    this.#served.endTurn()
    if (!isCurrent) {
      first.release()
      return false
    }
    const outgoing = this.#outgoing(plan, first)
    this.#writeHead(outgoing.status, outgoing.headers)
    const outcome = await transmit({
      outlet,
      segments: outgoing.segments,
      pieces,
      first,
      receipt: this.#receipt,
      isCurrent: () => this.#served.isCurrent(),
    })
    this.#receipt.tell(outgoing.status, outcome)
    return true
  }

  /**
   * Whether to read instead of lend. A range that is not long of a file that is being written to is answered whole, out of one state; lent
   * bytes that change before the client has taken them break the connection.
   */
  #isCopying(plan: BytesPlan): boolean {
    const { isInTurn, isRetry } = this.#options
    const range = firstRange(plan)
    const mayChange = isRetry || isLive(this.#served.changedMs)
    return isInTurn || (mayChange && range.end - range.start <= MAX_READ_BYTE_LENGTH)
  }

  /** The usual small range of the explorer and of everybody who looks about: all of it at once, without a promise. */
  #sendShort(plan: Extract<BytesPlan, { range: ByteRange }>, bytes: Uint8Array): boolean {
    const isCurrent = this.#served.isCurrent()
    this.#served.endTurn()
    if (!isCurrent) {
      buffers.giveBack(bytes)
      return false
    }
    const { status, headers } = plan.kind === 'whole' ? this.#whole(plan.range) : this.#part(plan.range, [])
    const { raw } = this.#options.reply
    this.#writeHead(status, headers)
    raw.once('close', () => {
      const outcome: DeliveryOutcome = raw.writableFinished ? 'complete' : 'aborted'
      if (raw.writableFinished) {
        this.#receipt.add(plan.range)
        buffers.giveBack(bytes)
      }
      this.#receipt.tell(status, outcome)
    })
    raw.end(bytes)
    return true
  }

  #outgoing(plan: BytesPlan, first: Piece): Outgoing {
    switch (plan.kind) {
      case 'whole':
        return this.#whole(plan.range)
      case 'part':
        return this.#part(plan.range, this.#unreadableIn(plan.range, first))
      case 'parts':
        return this.#parts(plan.ranges)
    }
  }

  /** 200 promises every byte, so a gap ends in a broken connection, after what can be read. */
  #whole(range: ByteRange): Outgoing {
    return { status: 200, headers: this.#bytesHeaders(range.end - range.start), segments: [{ kind: 'range', range }] }
  }

  /** 206 can say that it is shorter than was asked for: it ends before the first unreadable byte. */
  #part(asked: ByteRange, unreadable: readonly ByteRange[]): Outgoing {
    const range = { start: asked.start, end: unreadable[0]?.start ?? asked.end }
    if (range.end === range.start) throw this.#unreadableProblem(asked, unreadable)
    const headers = {
      ...this.#bytesHeaders(range.end - range.start),
      'content-range': contentRange(range, this.#served.byteLength),
      // A gap may be a disk's bad moment: nobody is to keep it under an immutable address.
      ...(unreadable.length === 0
        ? {}
        : { [UNREADABLE_HEADER]: encodeRanges(unreadable), 'cache-control': 'no-store' }),
    }
    return { status: 206, headers, segments: [{ kind: 'range', range }] }
  }

  /** The parts were promised before they were read: a gap in one breaks the connection. */
  #parts(ranges: readonly ByteRange[]): Outgoing {
    const whole = this.#bytesHeaders(0)
    const partType = whole['content-type'] ?? ''
    const layout = layOutMultipart({ ranges, byteLength: this.#served.byteLength, partType })
    const segments = layout.parts.flatMap(({ head, range }): Segment[] => [
      { kind: 'text', bytes: head },
      { kind: 'range', range },
    ])
    return {
      status: 206,
      headers: { ...whole, 'content-type': layout.contentType, 'content-length': String(layout.byteLength) },
      segments: [...segments, { kind: 'text', bytes: layout.end }],
    }
  }

  /** What of the range is known to be unreadable: what the first read met, and everything past the file's present end. */
  #unreadableIn(range: ByteRange, first: Piece): ByteRange[] {
    const lostTail = { start: this.#served.presentByteLength, end: this.#served.byteLength }
    const known = [...first.unreadable, lostTail].map((gap) => intersect(gap, range))
    return mergeRanges(known.filter((gap) => gap !== undefined))
  }

  #unreadableProblem(asked: ByteRange, unreadable: readonly ByteRange[]): ProblemError {
    this.#receipt.tell(410, 'unreadable')
    const { presentByteLength } = this.#served
    const isCut = asked.start >= presentByteLength
    const detail = isCut ? 'the file was cut: those bytes are gone' : 'the system cannot read those bytes'
    return new ProblemError('ERR_UNREADABLE', detail, { extras: { unreadable: [...unreadable], presentByteLength } })
  }

  /** Takes the response from Fastify, which would want a stream object for the body, and writes its head. */
  #writeHead(status: 200 | 206, headers: Headers): void {
    const { reply } = this.#options
    const pairs = headerPairs(reply.getHeaders(), headers)
    reply.hijack()
    reply.raw.writeHead(status, pairs)
  }

  #bytesHeaders(contentLength: number): Headers {
    return { ...bytesHeaders(this.#served), 'content-length': String(contentLength) }
  }
}

function firstRange(plan: BytesPlan): ByteRange {
  const range = plan.kind === 'parts' ? plan.ranges[0] : plan.range
  return range ?? { start: 0, end: 0 }
}
