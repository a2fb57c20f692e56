import { type ByteSource, type Chunk, intersect, mergeRanges } from '@mapscope/core/shared'
import { type ByteRange, encodeRanges, UNREADABLE_HEADER } from '@mapscope/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from '../errors.ts'
import { contentRange, servedBytesHeaders, unsatisfiedContentRange } from '../http/content.ts'
import { type Plan, planAnswer } from '../http/plan.ts'
import type { Served } from './served.ts'
import { streamRange, WINDOW_BYTE_LENGTH } from './stream.ts'

/** A range up to this long is one read and one write; see research/server.md section 3. */
const MAX_SINGLE_READ = 1024 * 1024

/**
 * A file that changes while it is read is read again, this often: the last time with our own edits held up. What changes even
 * then is changed by others, faster than it can be read.
 */
const MAX_ATTEMPTS = 4

/**
 * Answers GET or HEAD with the bytes of what `open` gives: conditions, ranges, unreadable parts. `open` is called again when
 * the file changed between being opened and being read, so that a tag never goes out with another state's bytes.
 */
export async function respondWithBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  open: (isInTurn: boolean) => Promise<Served>,
): Promise<FastifyReply> {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const served = await open(attempt === MAX_ATTEMPTS - 1)
    try {
      if (await new Answer({ request, reply, served, signal: gone.signal }).send()) return reply
    } catch (error) {
      if (!gone.signal.aborted) throw error
      return reply.hijack()
    } finally {
      served.release()
    }
  }
  throw new ProblemError('ERR_REVISION', 'the file changes faster than it can be read; ask again')
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly served: Served
  /** Aborted when the client goes. */
  readonly signal: AbortSignal
}

/** Bytes about to go out, with what is known to be missing of them. */
interface Outgoing {
  readonly status: 200 | 206
  /** What the length of the answer promises. */
  readonly range: ByteRange
  readonly first: Chunk
  readonly headers: Readonly<Record<string, string>>
}

/** One attempt. */
class Answer {
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #served: Served
  readonly #signal: AbortSignal

  constructor({ request, reply, served, signal }: Exchange) {
    this.#request = request
    this.#reply = reply
    this.#served = served
    this.#signal = signal
  }

  /** False when the file changed before anything was sent. */
  async send(): Promise<boolean> {
    const { byteLength, etag, modifiedMs } = this.#served
    const { method, headers } = this.#request
    const plan = planAnswer({ method, headers }, { byteLength, etag, modifiedMs }, Date.now())
    if (plan.kind === 'whole' || plan.kind === 'part') return await this.#sendBytes(plan)
    this.#sendHead(plan)
    return true
  }

  #sendHead(plan: Exclude<Plan, { range: ByteRange }>): void {
    const { byteLength } = this.#served
    switch (plan.kind) {
      case 'not-modified':
        this.#reply.code(304).headers(this.#cachingHeaders()).send()
        return
      case 'precondition-failed':
        throw new ProblemError('ERR_PRECONDITION', 'the file is not (any more) the one the request names')
      case 'unsatisfiable':
        throw new ProblemError('ERR_RANGE_NOT_SATISFIABLE', `the file has ${byteLength} bytes`, {
          headers: { 'content-range': unsatisfiedContentRange(byteLength) },
        })
      case 'head':
        this.#writeHead(200, this.#bytesHeaders({ start: 0, end: byteLength }))
        this.#reply.raw.end()
    }
  }

  async #sendBytes({ kind, range }: Extract<Plan, { range: ByteRange }>): Promise<boolean> {
    const askedLength = range.end - range.start
    const firstLength = askedLength <= MAX_SINGLE_READ ? askedLength : WINDOW_BYTE_LENGTH
    const source = this.#served.map()
    if (source === undefined) return false
    const first = await source.read(range.start, firstLength, { signal: this.#signal })
    const isCurrent = this.#served.isCurrent()
    this.#served.endTurn()
    if (!isCurrent) return false
    const unreadable = this.#unreadableIn(range, first)
    const outgoing = kind === 'whole' ? this.#whole(range, first) : this.#part(range, first, unreadable)
    await this.#sendOutgoing(source, outgoing)
    return true
  }

  /** 200 promises every byte, so a gap ends in a broken connection, after what can be read. */
  #whole(range: ByteRange, first: Chunk): Outgoing {
    return { status: 200, range, first, headers: this.#bytesHeaders(range) }
  }

  /** 206 can say that it is shorter than was asked for: it ends before the first unreadable byte. */
  #part(asked: ByteRange, first: Chunk, unreadable: readonly ByteRange[]): Outgoing {
    const range = { start: asked.start, end: unreadable[0]?.start ?? asked.end }
    if (range.end === range.start) throw this.#unreadableProblem(asked, unreadable)
    const headers = {
      ...this.#bytesHeaders(range),
      'content-range': contentRange(range, this.#served.byteLength),
      // A gap may be a disk's bad moment: nobody is to keep it under an immutable address.
      ...(unreadable.length === 0
        ? {}
        : { [UNREADABLE_HEADER]: encodeRanges(unreadable), 'cache-control': 'no-store' }),
    }
    return { status: 206, range, first, headers }
  }

  async #sendOutgoing(source: ByteSource, { status, range, first, headers }: Outgoing): Promise<void> {
    const length = range.end - range.start
    const firstGap = first.unreadable[0]?.start ?? range.end
    if (length <= first.bytes.length && firstGap >= range.end) {
      this.#reply
        .code(status)
        .headers(headers)
        .send(Buffer.from(first.bytes.buffer, first.bytes.byteOffset, length))
      return
    }
    this.#writeHead(status, headers)
    const isCurrent = (): boolean => this.#served.isCurrent()
    await streamRange(this.#reply.raw, { source, range, first, isCurrent, signal: this.#signal })
  }

  /** What of the range is known to be unreadable: what the first read met, and everything past the file's present end. */
  #unreadableIn(range: ByteRange, first: Chunk): ByteRange[] {
    const lostTail = { start: this.#served.presentByteLength, end: this.#served.byteLength }
    const known = [...first.unreadable, lostTail].map((gap) => intersect(gap, range))
    return mergeRanges(known.filter((gap) => gap !== undefined))
  }

  #unreadableProblem(asked: ByteRange, unreadable: readonly ByteRange[]): ProblemError {
    const { presentByteLength } = this.#served
    const isCut = asked.start >= presentByteLength
    const detail = isCut ? 'the file was cut: those bytes are gone' : 'the system cannot read those bytes'
    return new ProblemError('ERR_UNREADABLE', detail, { extras: { unreadable: [...unreadable], presentByteLength } })
  }

  /** Takes the response from Fastify, which would want a stream object for the body, and writes its head. */
  #writeHead(status: 200 | 206, headers: Readonly<Record<string, string>>): void {
    this.#reply.headers(headers).hijack()
    for (const [name, value] of Object.entries(this.#reply.getHeaders())) {
      if (value !== undefined) this.#reply.raw.setHeader(name, value)
    }
    this.#reply.raw.writeHead(status)
  }

  #bytesHeaders(range: ByteRange): Record<string, string> {
    const contentLength = String(range.end - range.start)
    return { ...servedBytesHeaders(this.#served.name), ...this.#cachingHeaders(), 'content-length': contentLength }
  }

  #cachingHeaders(): Record<string, string> {
    const { etag, modifiedMs, headers } = this.#served
    const modified = modifiedMs === undefined ? {} : { 'last-modified': new Date(modifiedMs).toUTCString() }
    return { etag, ...modified, ...headers }
  }
}
